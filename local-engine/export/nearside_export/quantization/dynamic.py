"""Weights in 8 bits with a scale per column, activations in 8 bits with a scale per run.

Products are of whole integer matrices (`MatMulInteger`), which is the fastest way to read a
prompt on a CPU. ONNX Runtime joins the nodes written here into `DynamicQuantizeMatMul` and
`MatMulIntegerToFloat`.
"""

import numpy as np
from onnx import NodeProto, TensorProto

from nearside_export.graph import Graph
from nearside_export.quantization.blocks import Blocks, dividing_block

LARGEST = 127


class Dynamic:
    """Round to nearest, symmetric weights, asymmetric activations."""

    joins = False
    """The quantized input is shared already, and splitting a long product costs a copy."""
    block = 128
    """The most rows that share a scale in what has no dynamic form: embedding and experts."""

    def matmul(self, graph: Graph, name: str, x: str, weight: np.ndarray, output: str) -> None:
        """`x` times `weight`, [in, out]."""
        rounded, scales = quantized_columns(weight)
        number, scale, zero = self.activations(graph, x)
        inputs = [number, graph.constant(f"{name}.quantized", rounded), zero]
        product = graph.node("MatMulInteger", f"/{name}/MatMulInteger", inputs)
        product = graph.node("Cast", f"/{name}/Cast", [product], to=TensorProto.FLOAT)
        scales = graph.constant(f"{name}.scales", scales)
        scale = graph.node("Mul", f"/{name}/Scales", [scale, scales])
        graph.node("Mul", f"/{name}/Mul", [product, scale], [output])

    def activations(self, graph: Graph, x: str) -> list[str]:
        """`x` in 8 bits, its scale and its zero point; made once for all that reads `x`."""
        parts = [f"{x}.{part}" for part in ("quantized", "scale", "zero_point")]
        if parts[0] not in graph.made:
            graph.node("DynamicQuantizeLinear", f"{x}/DynamicQuantizeLinear", [x], parts)
        return parts

    def embedding(self, graph: Graph, name: str, table: np.ndarray, ids: str, output: str) -> None:
        """Rows of `table`, [vocabulary, hidden]; the LM head stores its own, the other way round."""
        block = dividing_block(table.shape[1], self.block)
        Blocks(8, block).embedding(graph, "model.embed_tokens", table, ids, output)

    def experts(self, graph: Graph, name: str, node: NodeProto, weights: list[np.ndarray]) -> None:
        """A mixture of experts."""
        Blocks(8, self.block).experts(graph, name, node, weights)


def quantized_columns(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers int8 [in, out] and scales float32 [out]."""
    scales = np.maximum(np.abs(weight).max(axis=0), np.finfo(np.float32).tiny) / LARGEST
    return np.clip(np.rint(weight / scales), -LARGEST, LARGEST).astype(np.int8), scales.astype(np.float32)
