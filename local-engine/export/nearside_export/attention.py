"""The attention of a layer: fused projections, GroupQueryAttention over the cache, output.

Rotary positions are inside the node and lengths come from the sum of `attention_mask`, so the
graph has no `position_ids`. Past and present can be one buffer.
"""

import numpy as np
from onnx import TensorProto

from nearside_export.architecture import Architecture, Attention
from nearside_export.graph import MICROSOFT, Graph
from nearside_export.rotary import rotary_tables


class AttentionLayers:
    """Adds the attention of each layer to a graph; the layers share lengths and rotary tables."""

    def __init__(self, graph: Graph, architecture: Architecture):
        self.graph, self.architecture = graph, architecture
        self.lengths = add_lengths(graph)
        self.tables = {}

    def add(self, index: int, attention: Attention, layer: dict, x: str) -> str:
        """Attention of layer `index` over `x`, [batch, new, hidden]."""
        name = f"model.layers.{index}.attn"
        qkv = self.graph.projection(f"{name}.qkv_proj", x, layer["qkv"], layer.get("qkv_bias"))
        inputs = [qkv, "", ""] if "q_norm" not in layer else self.normed_heads(name, qkv, layer)
        mixed = self.attend(index, attention, inputs)
        bias = layer.get("attention_out_bias")
        return self.graph.projection(f"{name}.o_proj", mixed, layer["attention_out"], bias)

    def attend(self, index: int, attention: Attention, inputs: list[str]) -> str:
        """The attention itself, over the cache of layer `index`."""
        path = f"/model.layers.{index}.attn/GroupQueryAttention"
        past = [f"past_key_values.{index}.key", f"past_key_values.{index}.value"]
        present = [f"present.{index}.key", f"present.{index}.value"]
        return self.graph.node(
            "GroupQueryAttention",
            path,
            [*inputs, *past, *self.lengths, *self.rotary(attention)],
            [f"{path}/output_0", *present],
            MICROSOFT,
            num_heads=self.architecture.heads,
            kv_num_heads=self.architecture.kv_heads,
            scale=self.architecture.attention_scale,
            do_rotary=int(attention.rotary is not None),
            rotary_interleaved=0,
            local_window_size=attention.window or -1,
            softcap=self.architecture.attention_softcap,
        )

    def rotary(self, attention: Attention) -> list[str]:
        """Names of the tables of cosines and sines, made once for all layers that use them."""
        if attention.rotary is None:
            return []
        if attention.rotary not in self.tables:
            suffix = f".{len(self.tables)}" if self.tables else ""
            cos, sin = rotary_tables(attention.rotary, self.architecture.context)
            names = self.graph.constant(f"cos_cache{suffix}", cos), self.graph.constant(f"sin_cache{suffix}", sin)
            self.tables[attention.rotary] = names
        return list(self.tables[attention.rotary])

    def normed_heads(self, name: str, qkv: str, layer: dict) -> list[str]:
        """Queries, keys and values apart, with a norm over each head of queries and keys."""
        shape = self.architecture
        widths = np.array([shape.heads, shape.kv_heads, shape.kv_heads], np.int64) * shape.head_size
        parts = [f"/{name}/Split/output_{part}" for part in range(3)]
        sizes = self.graph.constant("qkv_widths", widths)
        self.graph.node("Split", f"/{name}/Split", [qkv, sizes], parts, axis=-1)
        normed = [
            self.normed_head(f"{name}.{part}", x, layer[part], int(width))
            for part, x, width in zip(("q_norm", "k_norm"), parts, widths)
        ]
        return [*normed, parts[2]]

    def normed_head(self, name: str, x: str, weight: np.ndarray, width: int) -> str:
        """A norm over each head of `x`, [batch, new, width]."""
        graph, head_size = self.graph, self.architecture.head_size
        apart = graph.constant("one_head", np.array([0, -1, head_size], np.int64))
        together = graph.constant(f"width_{width}", np.array([0, -1, width], np.int64))
        x = graph.node("Reshape", f"/{name}/Reshape_1", [x, apart])
        x = graph.norm(name, x, weight, self.architecture.norm_epsilon)
        return graph.node("Reshape", f"/{name}/Reshape_2", [x, together])


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
