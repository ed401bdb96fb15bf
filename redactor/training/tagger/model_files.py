"""The model's folder: graph, tokenizer, configuration."""

import json

import onnx_graph
from settings import CASES, HEADS, HIDDEN, LABELS, LAYERS, MODEL, WINDOW


def write(tagger, tokenizer):
    MODEL.mkdir(parents=True, exist_ok=True)
    onnx_graph.write(tagger, MODEL / "model.onnx", is_int8=True)
    (MODEL / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), encoding="utf-8")
    config = {
        "model_type": "bert",
        "architectures": ["BertForTokenClassification"],
        "problem_type": "multi_label_classification",
        "token_types": "letter_case",
        "id2label": {str(number): label for number, label in enumerate(LABELS)},
        "label2id": {label: number for number, label in enumerate(LABELS)},
        "hidden_size": HIDDEN,
        "intermediate_size": 4 * HIDDEN,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "max_position_embeddings": WINDOW,
        "type_vocab_size": CASES,
        "vocab_size": tokenizer.get_vocab_size(),
        "pad_token_id": 0,
    }
    (MODEL / "config.json").write_text(json.dumps(config, indent=2) + "\n")
