"""Weights in blocks of 4 or 8 bits with one scale each, activations in 8 bits.

`MatMulNBits` reads half or a quarter of what 8 or 16 bits would need, which is what decoding one
token at a time is bound by. The tables for tokens and for logits are one where a model ties them.
"""

import math
from dataclasses import dataclass

import numpy as np
from onnx import NodeProto, helper

from nearside_export.graph import MICROSOFT, Graph
from nearside_export.quantization.rounding import rounded_blocks

SMALLEST_BLOCK = 16
ACTIVATIONS_8_BIT = 4
"""`accuracy_level` that allows 8-bit products; a quarter faster than float32 products."""


@dataclass(frozen=True)
class Blocks:
    """Symmetric; see `rounding` for how."""

    bits: int = 4
    block: int = 128
    """The most rows that share a scale. Less where it does not divide a matrix: a padded block
    would cost more than the scales it saves."""

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
            block_size=self.block_of(weight.shape[0]),
            accuracy_level=ACTIVATIONS_8_BIT,
        )

    def embedding(self, graph: Graph, name: str, table: np.ndarray, ids: str, output: str) -> None:
        """Rows of `table`, [vocabulary, hidden]. With the name of the LM head they are one table."""
        numbers, scales = self.stored(graph, name, table.T)
        rows = graph.reshaped(numbers, f"{name}.rows", (table.shape[0], table.shape[1] * self.bits // 8))
        graph.node(
            "GatherBlockQuantized",
            "/model/embed_tokens/GatherBlockQuantized",
            [rows, ids, scales],
            [output],
            MICROSOFT,
            bits=self.bits,
            block_size=self.block_of(table.shape[1]),
            gather_axis=0,
            quantize_axis=1,
        )

    def stored(self, graph: Graph, name: str, weight: np.ndarray) -> list[str]:
        """Names of the packed numbers and the scales of `weight`, quantized once."""
        names = [f"{name}.qweight", f"{name}.scales"]
        if names[0] not in graph.initializers:
            for constant, values in zip(names, self.quantized(weight)):
                graph.constant(constant, values)
        return names

    def experts(self, graph: Graph, name: str, node: NodeProto, weights: list[np.ndarray]) -> None:
        """A mixture of experts; `weights` as the MoE operator takes them, [experts, out, in]."""
        inputs = list(node.input[:2])
        for part, weight in zip(("gate_up", "down"), weights):
            quantized = [self.quantized(expert.T) for expert in weight]
            numbers = np.stack([numbers.reshape(weight.shape[1], -1) for numbers, _ in quantized])
            inputs += [
                graph.constant(f"{name}.{part}.qweight", numbers),
                graph.constant(f"{name}.{part}.scales", np.stack([scales for _, scales in quantized])),
                "",
            ]
        block = self.block_of(math.gcd(*(weight.shape[2] for weight in weights)))
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        attributes |= {"expert_weight_bits": self.bits, "block_size": block}
        graph.node("QMoE", f"/{name}/QMoE", inputs[:-1], list(node.output), MICROSOFT, **attributes)

    def block_of(self, rows: int) -> int:
        """The largest block that divides `rows`; the wanted one where none does."""
        block = self.block
        while rows % block and block > SMALLEST_BLOCK:
            block //= 2
        return block if rows % block == 0 else self.block

    def quantized(self, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Packed numbers uint8 [out, blocks, bytes] and scales float32 [out, blocks]."""
        return rounded_blocks(weight, self.bits, self.block_of(weight.shape[0]))
