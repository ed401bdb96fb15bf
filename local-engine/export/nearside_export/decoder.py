"""A whole decoder as a graph, from `input_ids` to `logits`.

Inputs and outputs are those of the ONNX Runtime GenAI builder: `input_ids` int64 [batch, new],
`attention_mask` int64 [batch, past + new], `past_key_values.N.key/value` and `present.N.key/value`
float32 [batch, kv heads, tokens, head size], `logits` float32.
"""

from enum import StrEnum

import numpy as np
from onnx import TensorProto, helper

from nearside_export.architecture import Architecture
from nearside_export.attention import AttentionLayers
from nearside_export.feed_forward import add_feed_forward
from nearside_export.graph import Graph


class Logits(StrEnum):
    """The tokens that get logits. The LM head is the widest matrix, so fewer is faster."""

    LAST = "last"
    """The last of the run: [batch, 1, vocabulary]. For generating."""
    ALL = "all"
    """Every one: [batch, new, vocabulary]. For measuring, and for verifying guessed tokens."""
    CHOSEN = "chosen"
    """The last `num_logits_to_keep` (a number that becomes an input; 0 for all)."""


def add_decoder(
    graph: Graph, architecture: Architecture, weights, logits: Logits, eight_bit_embedding=False
) -> None:
    """Adds all nodes. `weights` gives `embedding`, `layer(index)`, `final_norm` and `head`."""
    epsilon = architecture.norm_epsilon
    attention = AttentionLayers(graph, architecture)
    residual = add_embedding(graph, weights.embedding, eight_bit_embedding)
    residual = add_scale(graph, "/model/embed_tokens/Scale", residual, architecture.embedding_scale)
    layer = weights.layer(0)
    x = graph.norm("model.layers.0.input_layernorm", residual, layer["attention_norm"], epsilon)
    for index, attends in enumerate(architecture.layers):
        name = f"model.layers.{index}"
        x = attention.add(index, attends, layer, x)
        x = add_norm_if_any(graph, f"{name}.attn.output_norm", x, layer.get("post_attention_norm"), epsilon)
        name = f"{name}.post_attention_layernorm"
        x, residual = graph.norm_of_sum(name, residual, x, layer["ffn_norm"], epsilon)
        x = add_feed_forward(graph, architecture, index, layer, x)
        name = f"model.layers.{index}.mlp.output_norm"
        x = add_norm_if_any(graph, name, x, layer.get("post_ffn_norm"), epsilon)
        if index + 1 < len(architecture.layers):
            layer, name = weights.layer(index + 1), f"model.layers.{index + 1}.input_layernorm"
            x, residual = graph.norm_of_sum(name, residual, x, layer["attention_norm"], epsilon)
    x, _ = graph.norm_of_sum("model.final_norm", residual, x, weights.final_norm, epsilon)
    add_head(graph, architecture, add_choice(graph, x, logits), weights.head)


def add_embedding(graph: Graph, embedding: np.ndarray, eight_bit: bool) -> str:
    """Token embeddings, looked up in float or in 8 bits with a scale per row."""
    path = "/model/embed_tokens"
    if not eight_bit:
        table = graph.constant("model.embed_tokens.weight", embedding)
        return graph.node("Gather", f"{path}/Gather", [table, "input_ids"], axis=0)
    scales = np.abs(embedding).max(axis=1, keepdims=True) / 127.0
    rounded = np.clip(np.rint(embedding / scales), -127, 127).astype(np.int8)
    table = graph.constant("model.embed_tokens.weight_quantized", rounded)
    scale_table = graph.constant("model.embed_tokens.weight_scale", scales.astype(np.float32))
    row = graph.node("Gather", f"{path}/Gather", [table, "input_ids"], axis=0)
    row = graph.node("Cast", f"{path}/Cast", [row], to=TensorProto.FLOAT)
    scale = graph.node("Gather", f"{path}/GatherScale", [scale_table, "input_ids"], axis=0)
    return graph.node("Mul", f"{path}/Mul", [row, scale])


def add_scale(graph: Graph, path: str, x: str, scale: float) -> str:
    """`x` times a number."""
    if scale == 1.0:
        return x
    return graph.node("Mul", path, [x, graph.constant(f"{path}/scale", np.array(scale, np.float32))])


def add_norm_if_any(graph: Graph, name: str, x: str, weight: np.ndarray | None, epsilon: float) -> str:
    """A norm after half a layer, in families that have one."""
    return x if weight is None else graph.norm(name, x, weight, epsilon)


def add_choice(graph: Graph, x: str, logits: Logits) -> str:
    """The rows of `x`, [batch, new, hidden], that get logits."""
    if logits is Logits.ALL:
        return x
    path = "/model/kept"
    if logits is Logits.LAST:
        last = graph.constant(f"{path}/last", np.array([-1], np.int64))
        return graph.node("Gather", f"{path}/Gather", [x, last], axis=1)
    # The last n are those from -n; for n = 0 that is the start, so all are kept.
    shape = graph.constant(f"{path}/shape", np.array([1], np.int64))
    end = graph.constant(f"{path}/end", np.array([np.iinfo(np.int64).max], np.int64))
    axis = graph.constant(f"{path}/axis", np.array([1], np.int64))
    count = graph.node("Reshape", f"{path}/Reshape", [KEPT_INPUT, shape])
    start = graph.node("Neg", f"{path}/Neg", [count])
    return graph.node("Slice", f"{path}/Slice", [x, start, end, axis])


def add_head(graph: Graph, architecture: Architecture, x: str, head: np.ndarray) -> None:
    """Logits, softly capped in families that do so."""
    cap = architecture.final_softcap
    if not cap:
        graph.matmul("lm_head", x, head, outputs=["logits"])
        return
    x = graph.matmul("lm_head", x, head)
    x = add_scale(graph, "/lm_head/Shrink", x, 1.0 / cap)
    x = graph.node("Tanh", "/lm_head/Tanh", [x])
    graph.node(
        "Mul", "/lm_head/Cap", [x, graph.constant("lm_head.softcap", np.array(cap, np.float32))], ["logits"]
    )


def signature(architecture: Architecture, logits: Logits) -> tuple[list, list]:
    """Graph inputs and outputs."""
    batch, new, total = "batch_size", "sequence_length", "total_sequence_length"
    tensor = helper.make_tensor_value_info
    rows = {Logits.LAST: 1, Logits.ALL: new, Logits.CHOSEN: "kept_length"}[logits]
    inputs = [
        tensor("input_ids", TensorProto.INT64, [batch, new]),
        tensor("attention_mask", TensorProto.INT64, [batch, total]),
    ]
    if logits is Logits.CHOSEN:
        inputs.append(tensor(KEPT_INPUT, TensorProto.INT64, []))
    outputs = [tensor("logits", TensorProto.FLOAT, [batch, rows, architecture.vocabulary])]
    for index in range(len(architecture.layers)):
        for part in ("key", "value"):
            cache = [batch, architecture.kv_heads, "past_sequence_length", architecture.head_size]
            grown = [batch, architecture.kv_heads, total, architecture.head_size]
            inputs.append(tensor(f"past_key_values.{index}.{part}", TensorProto.FLOAT, cache))
            outputs.append(tensor(f"present.{index}.{part}", TensorProto.FLOAT, grown))
    return inputs, outputs


KEPT_INPUT = "num_logits_to_keep"
