"""Low-rank adapters in a graph: what a projection adds where a run brings an adapter.

A projection `x W` becomes `x W + (x A) B` (Hu et al., "LoRA", 2021), with A [in, rank] and B
[rank, out] as optional graph inputs. Their rank is open and their default is rank 0, so one graph
runs adapters of any rank, and without one adds nothing but zeros. Projections that are joined in
the graph (queries, keys and values) have one pair.
"""

import numpy as np

from nearside_export.graph import Graph

PARTS = ("lora_A", "lora_B")


class AdaptedGraph(Graph):
    """A graph whose projections take adapters."""

    def projection(self, name: str, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        """Product with a stored matrix [in, out] and an adapter, plus a stored row where there is one."""
        product = self.matmul(name, x, weight)
        wide, narrow = weight.shape
        for part, shape in zip(PARTS, ((wide, 0), (0, narrow))):
            open_shape = [size or f"{name}.lora_rank" for size in shape]
            factor = self.optional_input(input_name(name, part), np.zeros(shape, np.float32), open_shape)
            x = self.node("MatMul", f"/{name}/{part}/MatMul", [x, factor])
        adapted = self.node("Add", f"/{name}/lora/Add", [product, x])
        if bias is None:
            return adapted
        return self.node("Add", f"/{name}/Add", [adapted, self.constant(f"{name}.Add.bias", bias)])


def input_name(projection: str, part: str) -> str:
    """The graph input for a part of a projection's adapter, as the ONNX Runtime GenAI builder names it."""
    return f"{projection}.{part}.MatMul.weight"
