"""Makes a graph with a growing cache of one with a shared cache, for the engine's tests.

Each GroupQueryAttention becomes ONNX's own operators: rotary embedding of queries and keys, and
attention that returns past and new together, as the exports of other tools do.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

OPSET = 23
"""The first that has `Attention` and `RotaryEmbedding`."""


def write_growing(source: Path, target: Path) -> None:
    """The graph in `source`, weights inside, with a growing cache and `position_ids`."""
    model = onnx.load(source)
    graph, nodes = model.graph, []
    for node in graph.node:
        nodes += grown(graph, node) if node.op_type == "GroupQueryAttention" else [node]
    del graph.node[:]
    graph.node.extend(used(nodes, {output.name for output in graph.output}))
    inputs = [value for value in graph.input if value.name != "attention_mask"]
    del graph.input[:]
    graph.input.extend(inputs)
    shape = ["batch_size", "sequence_length"]
    graph.input.append(helper.make_tensor_value_info("position_ids", TensorProto.INT64, shape))
    next(opset for opset in model.opset_import if opset.domain == "").version = OPSET
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, target, save_as_external_data=False)


def grown(graph: onnx.GraphProto, node: NodeProto) -> list[NodeProto]:
    """What stands for a GroupQueryAttention over joined projections."""
    settings = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    heads, kv_heads = settings["num_heads"], settings["kv_num_heads"]
    qkv, past_key, past_value, (cos, sin) = node.input[0], node.input[3], node.input[4], node.input[7:9]
    head_size = 2 * next(tensor.dims[1] for tensor in graph.initializer if tensor.name == cos)
    widths = np.array([heads, kv_heads, kv_heads], np.int64) * head_size
    graph.initializer.append(numpy_helper.from_array(widths, f"{node.name}/widths"))
    query, key, value = (f"{node.name}/{part}" for part in ("query", "key", "value"))
    turned = {query: heads, key: kv_heads}
    return [
        helper.make_node("Split", [qkv, f"{node.name}/widths"], [query, key, value], axis=-1),
        *(
            helper.make_node("RotaryEmbedding", [x, cos, sin, "position_ids"], [f"{x}/turned"], num_heads=count)
            for x, count in turned.items()
        ),
        helper.make_node(
            "Attention",
            [f"{query}/turned", f"{key}/turned", value, "", past_key, past_value],
            list(node.output),
            q_num_heads=heads,
            kv_num_heads=kv_heads,
            scale=settings["scale"],
            is_causal=1,
        ),
    ]


def used(nodes: list[NodeProto], needed: set[str]) -> list[NodeProto]:
    """The nodes that some output needs."""
    kept = []
    for node in reversed(nodes):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    return kept[::-1]
