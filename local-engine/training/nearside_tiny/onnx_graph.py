"""Writes the decoder as an ONNX graph, with the exporter that users have (`local-engine/export`).

The shipped file has 8-bit matrices (dynamic quantization, a scale per column) and an 8-bit
embedding (a scale per row).
"""

from pathlib import Path

import onnx
from nearside_export.architecture import Architecture, Attention, Rotary
from nearside_export.decoder import Logits, add_decoder, signature
from nearside_export.graph import Graph
from nearside_export.rotary import plain_rates
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic

from settings import SHAPE, ModelShape


class TrainedWeights:
    """The trained weights as the exporter asks for them."""

    def __init__(self, weights: dict):
        self.embedding, self.final_norm = weights["embedding"], weights["final_norm"]
        self.head = self.embedding.T
        self.layer = weights["layers"].__getitem__


def architecture(shape: ModelShape = SHAPE) -> Architecture:
    """The shape of the model in the exporter's words."""
    rotary = Rotary(tuple(plain_rates(shape.rope_theta, shape.head_dim)))
    return Architecture(
        family="llama",
        vocabulary=shape.vocab_size,
        hidden=shape.hidden,
        heads=shape.heads,
        kv_heads=shape.kv_heads,
        head_size=shape.head_dim,
        context=shape.context,
        norm_epsilon=shape.norm_eps,
        layers=(Attention(rotary),) * shape.layers,
        attention_scale=float(shape.head_dim**-0.5),
    )


def write_float(weights: dict, path: Path, eight_bit_embedding: bool = False) -> None:
    """Writes the graph with float32 matrices."""
    graph = Graph()
    add_decoder(graph, architecture(), TrainedWeights(weights), Logits.ALL, eight_bit_embedding)
    onnx.save(graph.model("nearside-tiny", *signature(architecture(), Logits.ALL)), path)


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
