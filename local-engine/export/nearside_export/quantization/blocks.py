"""Weights in blocks of 4 or 8 bits with one scale each, activations in 8 bits.

`MatMulNBits` reads half or a quarter of what 8 or 16 bits would need, which is what decoding one
token at a time is bound by. The tables for tokens and for logits are one where a model ties them.
"""

import math
from dataclasses import dataclass

import numpy as np
from onnx import NodeProto, helper

from nearside_export.errors import ExportError
from nearside_export.graph import MICROSOFT, Graph
from nearside_export.quantization.rounding import rounded_blocks

EMBEDDING = "/model/embed_tokens"
SMALLEST_BLOCK = 16
ACTIVATIONS_8_BIT = 4
"""`accuracy_level` that allows 8-bit products; a quarter faster than float32 products."""


@dataclass(frozen=True)
class Blocks:
    """Symmetric; see `rounding` for how."""

    bits: int = 4
    block: int = 128
    """Rows that share a scale; a power of two from 16. The last block of a matrix is padded, which
    is faster than a smaller block that divides it."""

    joins = True
    """Projections of one input become one product."""

    def matmul(self, graph: Graph, name: str, x: str, weight: np.ndarray, output: str) -> None:
        """`x` times `weight`, [in, out]."""
        constants = self.stored(graph, name, weight)
        graph.node(
            "MatMulNBits",
            f"/{name}/MatMulNBits",
            [x, *constants],
            [output],
            MICROSOFT,
            K=weight.shape[0],
            N=weight.shape[1],
            bits=self.bits,
            block_size=self.block,
            accuracy_level=ACTIVATIONS_8_BIT,
        )

    def embedding(self, graph: Graph, name: str, table: np.ndarray, ids: str, output: str) -> None:
        """Rows of `table`, [vocabulary, hidden]. With the name of the LM head they are one table."""
        numbers, scales = self.stored(graph, name, table.T)
        width = table.shape[1] + -table.shape[1] % self.block
        rows = graph.reshaped(numbers, f"{name}.rows", (table.shape[0], width * self.bits // 8))
        padded = width > table.shape[1]
        graph.node(
            "GatherBlockQuantized",
            f"{EMBEDDING}/GatherBlockQuantized",
            [rows, ids, scales],
            [f"{EMBEDDING}/padded" if padded else output],
            MICROSOFT,
            bits=self.bits,
            block_size=self.block,
            gather_axis=0,
            quantize_axis=1,
        )
        if padded:
            bounds = {"start": 0, "end": table.shape[1], "axis": 2}
            bounds = [graph.constant(f"{EMBEDDING}/{key}", np.array([value])) for key, value in bounds.items()]
            graph.node("Slice", f"{EMBEDDING}/Slice", [f"{EMBEDDING}/padded", *bounds], [output])

    def stored(self, graph: Graph, name: str, weight: np.ndarray) -> list[str]:
        """Names of the packed numbers and the scales of `weight`, quantized once."""
        names = [f"{name}.qweight", f"{name}.scales"]
        if names[0] not in graph.initializers:
            for constant, values in zip(names, rounded_blocks(weight, self.bits, self.block)):
                graph.constant(constant, values)
        return names

    def experts(self, graph: Graph, name: str, node: NodeProto, weights: list[np.ndarray]) -> None:
        """A mixture of experts; `weights` as the MoE operator takes them, [experts, out, in]."""
        # Experts can't be padded.
        block = dividing_block(math.gcd(*(weight.shape[2] for weight in weights)), self.block)
        inputs = list(node.input[:2])
        for part, weight in zip(("gate_up", "down"), weights):
            quantized = [rounded_blocks(expert.T, self.bits, block) for expert in weight]
            numbers = np.stack([numbers.reshape(weight.shape[1], -1) for numbers, _ in quantized])
            inputs += [
                graph.constant(f"{name}.{part}.qweight", numbers),
                graph.constant(f"{name}.{part}.scales", np.stack([scales for _, scales in quantized])),
                "",
            ]
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        attributes |= {"expert_weight_bits": self.bits, "block_size": block}
        graph.node("QMoE", f"/{name}/QMoE", inputs[:-1], list(node.output), MICROSOFT, **attributes)


def dividing_block(rows: int, most: int) -> int:
    """The largest block up to `most` that divides `rows`. Raises `ExportError` if all are smaller
    than the runtime takes."""
    block = most
    while rows % block:
        block //= 2
    if block < SMALLEST_BLOCK:
        raise ExportError(f"{rows} rows can't be cut into blocks of {SMALLEST_BLOCK} or more")
    return block
