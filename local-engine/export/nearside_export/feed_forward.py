"""The second half of a layer: one gated network, or a mixture of them."""

import numpy as np

from nearside_export.architecture import Architecture
from nearside_export.graph import MICROSOFT, Graph


def add_feed_forward(graph: Graph, architecture: Architecture, index: int, layer: dict, x: str) -> str:
    """The feed-forward network of layer `index` over `x`, [batch, new, hidden]."""
    if architecture.experts:
        return add_experts(graph, architecture, index, layer, x)
    name = f"model.layers.{index}.mlp"
    gate = graph.projection(f"{name}.gate_proj", x, layer["gate"])
    up = graph.projection(f"{name}.up_proj", x, layer["up"])
    gate = add_activation(graph, architecture.activation, f"/{name}/act_fn", gate)
    mixed = graph.node("Mul", f"/{name}/Mul", [gate, up])
    return graph.projection(f"{name}.down_proj", mixed, layer["down"])


def add_activation(graph: Graph, activation: str, path: str, x: str) -> str:
    """SiLU, or the tanh form of GELU."""
    if activation == "gelu_tanh":
        return graph.node("Gelu", f"{path}/Gelu", [x], approximate="tanh")
    sigmoid = graph.node("Sigmoid", f"{path}/Sigmoid", [x])
    return graph.node("Mul", f"{path}/Mul", [x, sigmoid])


def add_experts(graph: Graph, architecture: Architecture, index: int, layer: dict, x: str) -> str:
    """A mixture of SwiGLU networks.

    On CPU the operator runs only the experts that a token chose, and takes gate and up only as
    alternating rows of one matrix (`swiglu_fusion=1`). It always scales the shares of the chosen up
    to one: in ONNX Runtime 1.31 whole graphs with `normalize_routing_weights=0` give wrong sums.
    """
    name, experts = f"model.layers.{index}.moe", architecture.experts
    scores = graph.matmul(f"{name}.router", x, layer["router"])
    rows = graph.constant("router_rows", np.array([-1, experts.count], np.int64))
    scores_by_token = graph.node("Reshape", f"/{name}/router/Reshape", [scores, rows])
    gate_up = graph.constant(f"{name}.experts.gate_up_proj.weight", layer["experts_gate_up"])
    down = graph.constant(f"{name}.experts.down_proj.weight", layer["experts_down"])
    mixed = graph.node(
        "MoE",
        f"/{name}/MoE",
        [x, scores_by_token, gate_up, "", down],
        domain=MICROSOFT,
        k=experts.used,
        activation_type="swiglu",
        swiglu_fusion=1,
        activation_alpha=1.0,
        activation_beta=0.0,
        normalize_routing_weights=1,
    )
    return mixed if experts.sums_to_one else scaled_back(graph, name, experts.used, scores, mixed)


def scaled_back(graph: Graph, name: str, used: int, scores: str, mixed: str) -> str:
    """`mixed` times the sum of the shares that the chosen experts have among all."""
    shares = graph.node("Softmax", f"/{name}/Softmax", [scores], axis=-1)
    count = graph.constant("experts_used", np.array([used], np.int64))
    parts = [f"/{name}/TopK/output_{part}" for part in range(2)]
    best = graph.node("TopK", f"/{name}/TopK", [shares, count], parts, axis=-1)
    axis = graph.constant("last_axis", np.array([-1], np.int64))
    total = graph.node("ReduceSum", f"/{name}/ReduceSum", [best, axis], keepdims=1)
    return graph.node("Mul", f"/{name}/Mul", [mixed, total])
