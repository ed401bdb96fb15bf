"""Makes tiny encoders with random weights, and what they answer, as the reference for `src/encoder`.

One attention layer of width 8 over a WordPiece vocabulary of letters, in three folders: `embedder`
(hidden states), `classifier` (scores of a text) and `tagger` (scores of each token). `expected.json` holds
what numpy computes from the same weights, one text at a time, so that batches and padding are checked too.

    python -m venv .venv && .venv/bin/pip install numpy==2.4.6 onnx==1.23.2 tokenizers==0.22.2
    .venv/bin/python make.py
"""

import json
import string
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

HERE = Path(__file__).parent
WIDTH, WINDOW, OVERLAP = 8, 16, 4
TOPICS = ["weather", "money", "health"]
TAGS = ["O", "B-NAME", "I-NAME", "B-PLACE", "I-PLACE"]

TEXTS = [
    "call ann in bern",
    "",
    "Grüße aus Zürich, Ünal!",
    "東京 is far 🙂 away",
    "e\u0301te\u0301 and cafe\u0301",
    "a b",
    "anna met bert in basel and then carl came from rome with dora, emil and fred to see " "the new town hall",
]


def make_tokenizer():
    letters = string.ascii_lowercase + string.digits + ",.!?'ßöäü京東🙂"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + letter for letter in letters)]
    words += ["ann", "bern", "in", "is", "##na", "and", "the"]
    vocabulary = {word: index for index, word in enumerate(dict.fromkeys(words))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    ids = [(word, vocabulary[word]) for word in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ids)
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return tokenizer


def make_weights(vocabulary):
    random = np.random.default_rng(20)

    def matrix(*shape):
        return random.normal(0, 0.6, shape).astype(np.float32)

    return {
        "words": matrix(vocabulary, WIDTH),
        "positions": matrix(WINDOW, WIDTH),
        "types": matrix(2, WIDTH),
        "query": matrix(WIDTH, WIDTH),
        "key": matrix(WIDTH, WIDTH),
        "value": matrix(WIDTH, WIDTH),
        "dense": matrix(WIDTH, WIDTH),
        "topics": matrix(WIDTH, len(TOPICS)),
        "tags": matrix(WIDTH, len(TAGS)),
    }


def hidden_states(weights, ids):
    """[tokens, width] of one text without padding."""
    x = weights["words"][ids] + weights["positions"][: len(ids)] + weights["types"][0]
    scores = (x @ weights["query"]) @ (x @ weights["key"]).T / np.sqrt(np.float32(WIDTH))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    attended = scores / scores.sum(axis=-1, keepdims=True) @ (x @ weights["value"])
    return np.tanh((x + attended) @ weights["dense"])


def graph(weights, head):
    """The same in ONNX, for batches with padding."""
    nodes = []

    def node(operator, inputs, output, **attributes):
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    constants = {
        "one": np.array([1], np.int64),
        "zero": np.array([0], np.int64),
        "far": np.array(-1e9, np.float32),
        "unit": np.array(1, np.float32),
        "scale": np.array(1 / np.sqrt(WIDTH), np.float32),
        "axis1": np.array([1], np.int64),
    }
    node("Shape", ["input_ids"], "shape")
    node("Slice", ["shape", "one", "two"], "length")
    constants["two"] = np.array([2], np.int64)
    node("Slice", ["positions", "zero", "length", "zero"], "used_positions")
    node("Gather", ["words", "input_ids"], "word_states")
    node("Gather", ["types", "token_type_ids"], "type_states")
    node("Add", ["word_states", "type_states"], "typed")
    x = node("Add", ["typed", "used_positions"], "x")
    for name in ("query", "key", "value"):
        node("MatMul", [x, name], f"{name}_states")
    node("Transpose", ["key_states"], "keys", perm=[0, 2, 1])
    node("MatMul", ["query_states", "keys"], "raw")
    node("Mul", ["raw", "scale"], "scaled")
    node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    node("Sub", ["unit", "mask"], "padding")
    node("Mul", ["padding", "far"], "penalty")
    node("Unsqueeze", ["penalty", "axis1"], "penalty_of_keys")
    node("Add", ["scaled", "penalty_of_keys"], "masked")
    node("Softmax", ["masked"], "attention", axis=-1)
    node("MatMul", ["attention", "value_states"], "attended")
    node("Add", [x, "attended"], "residual")
    node("MatMul", ["residual", "dense"], "projected")
    node("Tanh", ["projected"], "last_hidden_state")
    if head == "topics":
        node("Gather", ["last_hidden_state", "first"], "pooled", axis=1)
        constants["first"] = np.array(0, np.int64)
        node("MatMul", ["pooled", head], "logits")
        output = ("logits", ["batch", len(TOPICS)])
    elif head == "tags":
        node("MatMul", ["last_hidden_state", head], "logits")
        output = ("logits", ["batch", "tokens", len(TAGS)])
    else:
        output = ("last_hidden_state", ["batch", "tokens", WIDTH])
    used = {name for one in nodes for name in one.input}
    values = {name: value for name, value in {**constants, **weights}.items() if name in used}
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    made = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info(output[0], TensorProto.FLOAT, output[1])],
        [numpy_helper.from_array(value, name) for name, value in values.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def softmax(x):
    x = np.exp(x - x.max())
    return x / x.sum()


def windows(count, room=WINDOW - 2, overlap=OVERLAP):
    """Ranges of tokens that are read together, special tokens not counted."""
    start = 0
    while True:
        end = min(start + room, count)
        yield range(start, end)
        if end == count:
            return
        start = end - overlap


def tag_scores(weights, ids, cls, sep):
    """The scores of each token, from the window that shows most of what is around it."""
    best = {}
    overlap = OVERLAP // 2
    number = len(list(windows(len(ids), overlap=overlap)))
    even = -(-(len(ids) + (number - 1) * overlap) // number)
    for window in windows(len(ids), even, overlap):
        states = hidden_states(weights, [cls, *(ids[index] for index in window), sep])
        for place, index in enumerate(window):
            left = place if window.start > 0 else np.inf
            right = len(window) - 1 - place if window.stop < len(ids) else np.inf
            if index not in best or min(left, right) > best[index][0]:
                best[index] = (min(left, right), softmax(states[place + 1] @ weights["tags"]))
    return [best[index][1] for index in range(len(ids))]


def topic_scores(weights, ids, cls, sep):
    """Mean over the windows, each counted by its tokens."""
    total, count = 0, 0
    for window in windows(len(ids)):
        states = hidden_states(weights, [cls, *(ids[index] for index in window), sep])
        tokens = max(len(window), 1)
        total, count = total + tokens * softmax(states[0] @ weights["topics"]), count + tokens
    return total / count


def unit(x):
    return x / np.linalg.norm(x)


def rounded(array):
    return [float(f"{value:.7g}") for value in array]


def expectation(tokenizer, weights, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    cls, sep = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
    byte_offset = [len(text[:index].encode()) for index in range(len(text) + 1)]
    states = hidden_states(weights, [cls, *encoding.ids[: WINDOW - 2], sep])
    return {
        "text": text,
        "tokens": len(encoding.ids),
        "mean": rounded(unit(states.mean(axis=0))),
        "first": rounded(unit(states[0])),
        "topics": rounded(topic_scores(weights, encoding.ids, cls, sep)),
        "tags": [
            {"bytes": [byte_offset[start], byte_offset[end]], "scores": rounded(scores)}
            for (start, end), scores in zip(encoding.offsets, tag_scores(weights, encoding.ids, cls, sep))
        ],
    }


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_model(folder, weights, head, tokenizer, **config):
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(graph(weights, head), folder / "model.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    write(folder / "config.json", {"model_type": "bert", "max_position_embeddings": WINDOW, **config})


def main():
    tokenizer = make_tokenizer()
    weights = make_weights(tokenizer.get_vocab_size())
    write_model(HERE / "embedder", weights, None, tokenizer)
    labels = {"id2label": dict(enumerate(TOPICS)), "architectures": ["BertForSequenceClassification"]}
    write_model(HERE / "classifier", weights, "topics", tokenizer, **labels)
    labels = {"id2label": dict(enumerate(TAGS)), "architectures": ["BertForTokenClassification"]}
    write_model(HERE / "tagger", weights, "tags", tokenizer, **labels)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    write(HERE / "embedder" / "modules.json", modules)
    pooling = {"word_embedding_dimension": WIDTH, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    write(HERE / "embedder" / "1_Pooling" / "config.json", pooling)
    write(HERE / "expected.json", [expectation(tokenizer, weights, text) for text in TEXTS])


if __name__ == "__main__":
    main()
