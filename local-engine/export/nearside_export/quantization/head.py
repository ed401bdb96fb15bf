"""Chooses which tokens of a finished graph get logits."""

from onnx import ModelProto, NodeProto, TensorProto, helper

from nearside_export.decoder import KEPT_INPUT, Logits, add_choice
from nearside_export.errors import ExportError
from nearside_export.graph import Graph

CHOOSING = ("Gather", "Slice", "Unsqueeze")
"""Operators between the last norm and the LM head where a graph leaves out tokens."""
AFTER_HEAD = ("Mul", "Div", "Tanh", "Cast")
"""Operators between the LM head and `logits` where a family caps them."""


def with_logits(graph: Graph, nodes: list[NodeProto], logits: Logits) -> list[NodeProto]:
    """The nodes with another choice of tokens before the LM head; constants go to `graph`."""
    head = head_of(nodes)
    producers = {output: node for node in nodes for output in node.output}
    left_out, x = [], head.input[0]
    while producers[x].op_type in CHOOSING:
        left_out.append(producers[x])
        x = producers[x].input[0]
    kept = [node for node in nodes if node not in left_out]
    chosen, graph.nodes = graph.nodes, []
    x = add_choice(graph, x, logits)
    chosen, graph.nodes = graph.nodes, chosen
    position = kept.index(head)
    changed = NodeProto()
    changed.CopyFrom(head)
    changed.input[0] = x
    return [*kept[:position], *chosen, changed, *kept[position + 1 :]]


def head_of(nodes: list[NodeProto]) -> NodeProto:
    """The node that multiplies with the LM head."""
    producers = {output: node for node in nodes for output in node.output}
    node = producers["logits"]
    while node.op_type in AFTER_HEAD:
        node = next(producers[name] for name in node.input if name in producers)
    if node.op_type != "MatMul":
        raise ExportError(f"`logits` come from {node.op_type}, expected MatMul")
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
