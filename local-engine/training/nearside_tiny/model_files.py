"""Writes the files that surround the graph: configurations, tokenizer files, templates."""

from pathlib import Path

from nearside_export.folder import genai_config, write_json

import chat
from onnx_graph import architecture
from settings import SHAPE


def model_config() -> dict:
    """config.json, as a Llama of transformers would have it."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "bos_token_id": chat.BOS_ID,
        "dtype": "float32",
        "eos_token_id": chat.END_ID,
        "head_dim": SHAPE.head_dim,
        "hidden_act": "silu",
        "hidden_size": SHAPE.hidden,
        "intermediate_size": SHAPE.ffn,
        "max_position_embeddings": SHAPE.context,
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": SHAPE.heads,
        "num_hidden_layers": SHAPE.layers,
        "num_key_value_heads": SHAPE.kv_heads,
        "pad_token_id": chat.PAD_ID,
        "rms_norm_eps": SHAPE.norm_eps,
        "rope_scaling": None,
        "rope_theta": SHAPE.rope_theta,
        "tie_word_embeddings": True,
        "use_cache": True,
        "vocab_size": SHAPE.vocab_size,
    }


def generation_config() -> dict:
    """generation_config.json: greedy, because the answers are short and exact."""
    return {
        "bos_token_id": chat.BOS_ID,
        "do_sample": False,
        "eos_token_id": [chat.END_ID],
        "pad_token_id": chat.PAD_ID,
    }


def tokenizer_config() -> dict:
    """tokenizer_config.json, with the chat template."""
    return {
        "added_tokens_decoder": {
            str(index): {
                "content": text,
                "lstrip": False,
                "normalized": False,
                "rstrip": False,
                "single_word": False,
                "special": True,
            }
            for index, text in enumerate(chat.SPECIAL_TOKENS)
        },
        "add_bos_token": False,
        "bos_token": chat.BOS,
        "chat_template": chat.TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "eos_token": chat.END,
        "model_max_length": SHAPE.context,
        "pad_token": chat.PAD,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }


def write_all(folder: Path) -> None:
    """Everything except the graph, tokenizer.json and the card."""
    write_json(folder / "config.json", model_config())
    write_json(folder / "generation_config.json", generation_config())
    write_json(folder / "tokenizer_config.json", tokenizer_config())
    write_json(folder / "genai_config.json", genai_config(architecture(), generation_config()))
    special = {"bos_token": chat.BOS, "eos_token": chat.END, "pad_token": chat.PAD}
    write_json(folder / "special_tokens_map.json", special)
