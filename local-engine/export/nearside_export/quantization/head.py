"""Chooses which tokens of a finished graph get logits."""

from onnx import ModelProto, NodeProto, TensorProto, helper

from nearside_export.decoder import KEPT_INPUT, Logits, add_choice
from nearside_export.errors import ExportError
from nearside_export.graph import Graph

CHOOSING = ("Gather", "Slice", "Unsqueeze")
"""Operators between the last norm and the LM head where a graph leaves out tokens."""
AFTER_HEAD = ("Mul", "Div", "Tanh", "Cast")
"""Operators between the LM head and `logits`: soft caps, and the scales of 8-bit products."""
HEADS = ("MatMul", "MatMulNBits", "DynamicQuantizeLinear")


def with_logits(graph: Graph, nodes: list[NodeProto], logits: Logits) -> list[NodeProto]:
    """The nodes with another choice of tokens before the LM head; constants go to `graph`."""
    head = head_of(nodes)
    producers = {output: node for node in nodes for output in node.output}
    x = head.input[0]
    while producers[x].op_type in CHOOSING:
        x = producers[x].input[0]
    choice = Graph(graph.data)
    changed = NodeProto()
    changed.CopyFrom(head)
    changed.input[0] = add_choice(choice, x, logits)
    graph.initializers |= choice.initializers
    position = nodes.index(head)
    return used([*nodes[:position], *choice.nodes, changed, *nodes[position + 1 :]])


def used(nodes: list[NodeProto]) -> list[NodeProto]:
    """The nodes that `logits` or the cache need."""
    kept, needed = [], {"logits"}
    for node in reversed(nodes):
        if any(output in needed or output.startswith("present.") for output in node.output):
            kept.append(node)
            needed -= set(node.output)
            needed |= set(node.input)
    return kept[::-1]


def head_of(nodes: list[NodeProto]) -> NodeProto:
    """The node that multiplies with the LM head; in an 8-bit graph, the one before its product."""
    producers = {output: node for node in nodes for output in node.output}
    node = producers["logits"]
    while node.op_type in AFTER_HEAD:
        node = next(producers[name] for name in node.input if name in producers)
    if node.op_type == "MatMulInteger":
        node = producers[node.input[0]]
    if node.op_type not in HEADS:
        raise ExportError(f"`logits` come from {node.op_type}, expected one of {', '.join(HEADS)}")
    return node


def declare_logits(model: ModelProto, logits: Logits) -> None:
    """Adapts the model's inputs and outputs to a choice of tokens."""
    graph = model.graph
    output = next(value for value in graph.output if value.name == "logits")
    rows = output.type.tensor_type.shape.dim[1]
    rows.Clear()
    if logits is Logits.LAST:
        rows.dim_value = 1
    else:
        rows.dim_param = "sequence_length" if logits is Logits.ALL else "kept_length"
    others = [value for value in graph.input if value.name != KEPT_INPUT]
    del graph.input[:]
    graph.input.extend(others)
    if logits is Logits.CHOSEN:
        graph.input.append(helper.make_tensor_value_info(KEPT_INPUT, TensorProto.INT64, []))
