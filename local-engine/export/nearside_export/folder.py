"""Writes model folders: graph, weights, configurations, tokenizer.

The layout is that of ONNX Runtime GenAI: `genai_config.json` names the graph, `<graph>.data` holds
the weights, and the tokenizer's files lie beside them.
"""

import json
import shutil
from pathlib import Path

import onnx

from nearside_export.architecture import Architecture
from nearside_export.decoder import Logits, add_decoder, signature
from nearside_export.errors import ExportError
from nearside_export.families import read_architecture
from nearside_export.graph import ExternalData, Graph
from nearside_export.lora import AdaptedGraph
from nearside_export.weights import Weights

COPIED = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
)
GRAPH_NAME = "model.onnx"


def export_folder(
    source: Path, target: Path, logits: Logits = Logits.LAST, context: int | None = None, adapters: bool = False
) -> None:
    """Turns a Hugging Face folder into a float32 graph with its files, one that takes `adapters` if asked for.

    Raises `ExportError` for a family or weights that can't be expressed.
    """
    config = read_json(source / "config.json")
    config = config.get("text_config") or config
    architecture = read_architecture(config, context)
    weights = Weights(source, architecture)
    target.mkdir(parents=True, exist_ok=True)
    with ExternalData(target / f"{GRAPH_NAME}.data") as data:
        graph = AdaptedGraph(data) if adapters else Graph(data)
        add_decoder(graph, architecture, weights, logits)
        weights.check_all_used()
    onnx.save(graph.model(source.name, *signature(architecture, logits)), target / GRAPH_NAME)
    copy_texts(source, target)
    generation = source / "generation_config.json"
    ids = config | (read_json(generation) if generation.exists() else {})
    write_json(target / "genai_config.json", genai_config(architecture, ids))


def copy_texts(source: Path, target: Path) -> None:
    """Copies the configurations and the tokenizer, those that exist, from a folder or the one above."""
    for name in COPIED:
        found = next((path for path in (source / name, source.parent / name) if path.exists()), None)
        if found:
            shutil.copyfile(found, target / name)


def genai_config(architecture: Architecture, ids: dict) -> dict:
    """`genai_config.json`, as the ONNX Runtime GenAI builder writes it."""
    decoder = {
        "session_options": {"log_id": "onnxruntime-genai", "provider_options": []},
        "filename": GRAPH_NAME,
        "head_size": architecture.head_size,
        "hidden_size": architecture.hidden,
        "inputs": {
            "input_ids": "input_ids",
            "attention_mask": "attention_mask",
            "past_key_names": "past_key_values.%d.key",
            "past_value_names": "past_key_values.%d.value",
        },
        "outputs": {
            "logits": "logits",
            "present_key_names": "present.%d.key",
            "present_value_names": "present.%d.value",
        },
        "num_attention_heads": architecture.heads,
        "num_hidden_layers": len(architecture.layers),
        "num_key_value_heads": architecture.kv_heads,
    }
    eos = ids.get("eos_token_id")
    eos = eos if isinstance(eos, list) else [eos]
    model = {
        "bos_token_id": ids.get("bos_token_id"),
        "context_length": architecture.context,
        "decoder": decoder,
        "eos_token_id": [token for token in eos if token is not None],
        "pad_token_id": ids.get("pad_token_id"),
        "type": architecture.family,
        "vocab_size": architecture.vocabulary,
    }
    if model["bos_token_id"] is None:
        del model["bos_token_id"]
    if model["pad_token_id"] is None:
        model["pad_token_id"] = next(iter(model["eos_token_id"]), 0)
    return {"model": model, "search": search_settings(architecture.context)}


def search_settings(context: int) -> dict:
    """The part of `genai_config.json` about choosing tokens: greedy, one buffer for the cache."""
    return {
        "do_sample": False,
        "max_length": context,
        "min_length": 0,
        "num_beams": 1,
        "num_return_sequences": 1,
        "past_present_share_buffer": True,
        "repetition_penalty": 1.0,
        "temperature": 1.0,
        "top_k": 50,
        "top_p": 1.0,
    }


def read_json(path: Path) -> dict:
    """A JSON file. Raises `ExportError` for a file that is none."""
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ExportError(f"{path} is not JSON: {error}") from error


def write_json(path: Path, content: dict) -> None:
    """Pretty, stable JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
