"""Replaces the stored matrices of a float32 graph by quantized ones, node by node."""

from collections.abc import Callable

import numpy as np
import onnx
from onnx import NodeProto

from nearside_export.decoder import Logits
from nearside_export.graph import ExternalData, Graph
from nearside_export.quantization.blocks import Blocks
from nearside_export.quantization.dynamic import Dynamic
from nearside_export.quantization.head import declare_logits, head_of, with_logits
from nearside_export.quantization.source import FloatGraph

NARROWEST = 32
"""Matrices with fewer columns stay in float32: the routers of mixtures, whose order of scores
decides which experts a token meets."""

Recipe = Blocks | Dynamic


def rewrite(
    source: FloatGraph, recipe: Recipe, data: ExternalData, logits: Logits, on_node: Callable[[int, int], None]
) -> onnx.ModelProto:
    """The model in the precision of `recipe`, its constants in `data`.

    `on_node` is called with the number of nodes done and the number of all.
    """
    graph = Graph(data)
    nodes = with_logits(graph, source.nodes, logits)
    rewriter = Rewriter(source, recipe, graph, nodes)
    for done, node in enumerate(nodes, 1):
        rewriter.add(node)
        on_node(done, len(nodes))
    copy_constants(source, graph)
    return finished(source, graph, logits)


def copy_constants(source: FloatGraph, graph: Graph) -> None:
    """Takes over the constants that are used as they were."""
    for name in dict.fromkeys(name for node in graph.nodes for name in node.input):
        if name in source.constants:
            graph.constant(name, source.values(name))


def finished(source: FloatGraph, graph: Graph, logits: Logits) -> onnx.ModelProto:
    """The source's model with the nodes and constants of `graph`."""
    model = onnx.ModelProto()
    model.CopyFrom(source.model)
    for field, made in (("node", graph.nodes), ("initializer", graph.initializers.values()), ("value_info", [])):
        model.graph.ClearField(field)
        getattr(model.graph, field).extend(made)
    declare_logits(model, logits)
    return model


class Rewriter:
    """Adds nodes to a graph, in the precision of a recipe."""

    def __init__(self, source: FloatGraph, recipe: Recipe, graph: Graph, nodes: list[NodeProto]):
        self.source, self.recipe, self.graph = source, recipe, graph
        self.head = source.matrix(head_of(nodes))
        self.groups = self.grouped([node for node in nodes if self.is_quantized(node)])

    def add(self, node: NodeProto) -> None:
        """Adds what stands for a node of the float32 graph."""
        name = node.name.strip("/").rpartition("/")[0]
        table = self.source.embedding(node)
        if table is not None:
            self.recipe.embedding(self.graph, self.table_name(table), table, node.input[1], node.output[0])
        elif node.op_type == "MoE":
            weights = [self.source.values(node.input[index]) for index in (2, 4)]
            self.recipe.experts(self.graph, name, node, weights)
        elif self.is_quantized(node):
            self.add_matmuls(name, self.groups.pop(node.input[0], []) if self.recipe.joins else [node])
        else:
            self.graph.nodes.append(node)

    def table_name(self, table: np.ndarray) -> str:
        """The LM head's name if it has the same weights, so that they are stored once."""
        tied = self.head is not None and np.array_equal(table.T, self.head)
        return "lm_head" if tied else "model.embed_tokens"

    def is_quantized(self, node: NodeProto) -> bool:
        """Whether a node multiplies with a matrix that the recipe takes."""
        matrix = self.source.matrix(node)
        return matrix is not None and matrix.shape[1] >= NARROWEST

    def grouped(self, nodes: list[NodeProto]) -> dict[str, list[NodeProto]]:
        """Products by what they multiply."""
        groups = {}
        for node in nodes:
            groups.setdefault(node.input[0], []).append(node)
        return groups

    def add_matmuls(self, name: str, nodes: list[NodeProto]) -> None:
        """One product for all that multiply the same; nothing where that is done already."""
        if not nodes:
            return
        matrices = [self.source.matrix(node) for node in nodes]
        if len(nodes) == 1:
            self.recipe.matmul(self.graph, name, nodes[0].input[0], matrices[0], nodes[0].output[0])
            return
        joined = f"/{name}.joined/output_0"
        self.recipe.matmul(
            self.graph, f"{name}.joined", nodes[0].input[0], np.concatenate(matrices, axis=1), joined
        )
        widths = self.graph.constant(
            f"{name}.widths", np.array([matrix.shape[1] for matrix in matrices], np.int64)
        )
        outputs = [node.output[0] for node in nodes]
        self.graph.node("Split", f"/{name}.joined/Split", [joined, widths], outputs, axis=-1)
