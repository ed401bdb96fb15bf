"""Writes the decoder as an ONNX graph in the layout of the ONNX Runtime GenAI builder.

Attention is one GroupQueryAttention node per layer, with rotary positions inside and the
cache as graph inputs and outputs, so there is no `position_ids`: lengths come from the sum
of `attention_mask`. The shipped file has 8-bit matrices (dynamic quantization, a scale per
column) and an 8-bit embedding (a scale per row).
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from model import rotary_tables
from settings import SHAPE, ModelShape

OPSET = 21
MICROSOFT = "com.microsoft"


class Graph:
    """Collects nodes and initializers."""

    def __init__(self, shape: ModelShape):
        self.shape = shape
        self.nodes, self.initializers = [], []

    def constant(self, name: str, values: np.ndarray) -> str:
        """Adds an initializer and returns its name."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, name: str, inputs: list[str], outputs=None, domain="", **attributes) -> str:
        """Adds a node and returns its first output."""
        outputs = outputs or [f"{name}/output_0"]
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]

    def matmul(self, name: str, x: str, weight: np.ndarray, outputs=None) -> str:
        """Product with a stored matrix."""
        return self.node("MatMul", f"/{name}/MatMul", [x, self.constant(f"{name}.MatMul.weight", weight)], outputs)

    def norm_of_sum(self, name: str, skip: str, x: str, weight: np.ndarray) -> tuple[str, str]:
        """RMSNorm of `skip + x`; also returns the sum."""
        path = f"/{name}/SkipLayerNorm"
        outputs = [f"{path}/output_0", "", "", f"{path}/output_3"]
        inputs = [skip, x, self.constant(f"{name}.weight", weight)]
        eps = self.shape.norm_eps
        self.node("SkipSimplifiedLayerNormalization", path, inputs, outputs, MICROSOFT, epsilon=eps)
        return outputs[0], outputs[3]


def add_lengths(graph: Graph) -> tuple[str, str]:
    """From the mask: last position of each row, and the total length."""
    path = "/model/attn_mask_reformat"
    one = graph.constant(f"{path}/one", np.array([1], np.int64))
    row_sum = graph.node("ReduceSum", f"{path}/ReduceSum", ["attention_mask", one], keepdims=0)
    last = graph.node("Sub", f"{path}/Sub", [row_sum, one])
    last = graph.node("Cast", f"{path}/Sub/Cast", [last], to=TensorProto.INT32)
    sizes = graph.node("Shape", f"{path}/Shape", ["attention_mask"])
    index = graph.constant(f"{path}/index", np.array(1, np.int64))
    total = graph.node("Gather", f"{path}/Gather", [sizes, index], axis=0)
    return last, graph.node("Cast", f"{path}/Gather/Cast", [total], to=TensorProto.INT32)


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


def add_attention(graph: Graph, index: int, layer: dict, x: str, lengths: tuple, rotary: tuple) -> str:
    """Fused projections, attention over the cache, output projection."""
    shape, name = graph.shape, f"model.layers.{index}.attn"
    path = f"/{name}/GroupQueryAttention"
    qkv = graph.matmul(f"{name}.qkv_proj", x, layer["qkv"])
    past = [f"past_key_values.{index}.key", f"past_key_values.{index}.value"]
    present = [f"present.{index}.key", f"present.{index}.value"]
    mixed = graph.node(
        "GroupQueryAttention",
        path,
        [qkv, "", "", *past, *lengths, *rotary],
        [f"{path}/output_0", *present],
        MICROSOFT,
        num_heads=shape.heads,
        kv_num_heads=shape.kv_heads,
        scale=float(shape.head_dim**-0.5),
        do_rotary=1,
        rotary_interleaved=0,
        local_window_size=-1,
        softcap=0.0,
    )
    return graph.matmul(f"{name}.o_proj", mixed, layer["attention_out"])


def add_feed_forward(graph: Graph, index: int, layer: dict, x: str) -> str:
    """SwiGLU."""
    name = f"model.layers.{index}.mlp"
    gate = graph.matmul(f"{name}.gate_proj", x, layer["gate"])
    up = graph.matmul(f"{name}.up_proj", x, layer["up"])
    sigmoid = graph.node("Sigmoid", f"/{name}/act_fn/Sigmoid", [gate])
    silu = graph.node("Mul", f"/{name}/act_fn/Mul", [gate, sigmoid])
    return graph.matmul(f"{name}.down_proj", graph.node("Mul", f"/{name}/Mul", [silu, up]), layer["down"])


def add_decoder(graph: Graph, weights: dict, eight_bit_embedding: bool) -> None:
    """The whole model, from `input_ids` to `logits`."""
    shape = graph.shape
    lengths = add_lengths(graph)
    cos, sin = rotary_tables(shape, shape.context)
    rotary = graph.constant("cos_cache", cos), graph.constant("sin_cache", sin)
    residual = add_embedding(graph, weights["embedding"], eight_bit_embedding)
    scale = graph.constant("model.layers.0.input_layernorm.weight", weights["layers"][0]["attention_norm"])
    path = "/model/layers.0/input_layernorm/LayerNorm"
    attributes = {"axis": -1, "epsilon": shape.norm_eps, "stash_type": 1}
    x = graph.node("SimplifiedLayerNormalization", path, [residual, scale], **attributes)
    for index, layer in enumerate(weights["layers"]):
        attended = add_attention(graph, index, layer, x, lengths, rotary)
        name = f"model.layers.{index}.post_attention_layernorm"
        x, residual = graph.norm_of_sum(name, residual, attended, layer["ffn_norm"])
        x = add_feed_forward(graph, index, layer, x)
        last = index + 1 == shape.layers
        following = weights["final_norm"] if last else weights["layers"][index + 1]["attention_norm"]
        name = "model.final_norm" if last else f"model.layers.{index + 1}.input_layernorm"
        x, residual = graph.norm_of_sum(name, residual, x, following)
    graph.matmul("lm_head", x, weights["embedding"].T, ["logits"])


def signature(shape: ModelShape) -> tuple[list, list]:
    """Graph inputs and outputs."""
    batch, new, total = "batch_size", "sequence_length", "total_sequence_length"
    tensor = helper.make_tensor_value_info
    inputs = [
        tensor("input_ids", TensorProto.INT64, [batch, new]),
        tensor("attention_mask", TensorProto.INT64, [batch, total]),
    ]
    outputs = [tensor("logits", TensorProto.FLOAT, [batch, new, shape.vocab_size])]
    for index in range(shape.layers):
        for part in ("key", "value"):
            cache = [batch, shape.kv_heads, "past_sequence_length", shape.head_dim]
            grown = [batch, shape.kv_heads, total, shape.head_dim]
            inputs.append(tensor(f"past_key_values.{index}.{part}", TensorProto.FLOAT, cache))
            outputs.append(tensor(f"present.{index}.{part}", TensorProto.FLOAT, grown))
    return inputs, outputs


def write_float(weights: dict, path: Path, eight_bit_embedding: bool = False) -> None:
    """Writes the graph with float32 matrices."""
    graph = Graph(SHAPE)
    add_decoder(graph, weights, eight_bit_embedding)
    inputs, outputs = signature(SHAPE)
    made = helper.make_graph(graph.nodes, "nearside-tiny", inputs, outputs, graph.initializers)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=10, producer_name="nearside"), path)


def write_eight_bit(weights: dict, path: Path, work: Path) -> None:
    """Writes the shipped graph: 8-bit matrices and embedding."""
    intermediate = work / "before-quantization.onnx"
    write_float(weights, intermediate, eight_bit_embedding=True)
    quantize_dynamic(
        intermediate,
        path,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    intermediate.unlink()
