"""The second half of a layer: one gated network, or a mixture of them."""

import numpy as np

from nearside_export.architecture import Architecture
from nearside_export.graph import MICROSOFT, Graph


def add_feed_forward(graph: Graph, architecture: Architecture, index: int, layer: dict, x: str) -> str:
    """The feed-forward network of layer `index` over `x`, [batch, new, hidden]."""
    if architecture.experts:
        return add_experts(graph, architecture, index, layer, x)
    name = f"model.layers.{index}.mlp"
    gate = graph.matmul(f"{name}.gate_proj", x, layer["gate"])
    up = graph.matmul(f"{name}.up_proj", x, layer["up"])
    gate = add_activation(graph, architecture.activation, f"/{name}/act_fn", gate)
    return graph.matmul(f"{name}.down_proj", graph.node("Mul", f"/{name}/Mul", [gate, up]), layer["down"])


def add_activation(graph: Graph, activation: str, path: str, x: str) -> str:
    """SiLU, or the tanh form of GELU."""
    if activation == "gelu_tanh":
        return graph.node("Gelu", f"{path}/Gelu", [x], approximate="tanh")
    sigmoid = graph.node("Sigmoid", f"{path}/Sigmoid", [x])
    return graph.node("Mul", f"{path}/Mul", [x, sigmoid])


def add_experts(graph: Graph, architecture: Architecture, index: int, layer: dict, x: str) -> str:
    """A mixture of SwiGLU networks, the weights of the chosen ones summing to one (Mixtral).

    On CPU the operator runs only the experts that a token chose, and takes gate and up only as
    alternating rows of one matrix (`swiglu_fusion=1`).
    """
    name = f"model.layers.{index}.moe"
    scores = graph.matmul(f"{name}.router", x, layer["router"])
    rows = graph.constant("router_rows", np.array([-1, architecture.experts.count], np.int64))
    scores = graph.node("Reshape", f"/{name}/router/Reshape", [scores, rows])
    gate_up = graph.constant(f"{name}.experts.gate_up_proj.weight", layer["experts_gate_up"])
    down = graph.constant(f"{name}.experts.down_proj.weight", layer["experts_down"])
    return graph.node(
        "MoE",
        f"/{name}/MoE",
        [x, scores, gate_up, "", down],
        domain=MICROSOFT,
        k=architecture.experts.used,
        activation_type="swiglu",
        swiglu_fusion=1,
        activation_alpha=1.0,
        activation_beta=0.0,
        normalize_routing_weights=1,
    )
