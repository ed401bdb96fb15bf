"""Muon for the matrices of the layers, AdamW for the embedding and the norms.

Muon replaces the momentum of a matrix by the nearest orthogonal matrix, found with a few
Newton-Schulz steps. On a model this small it halves the number of tokens needed. Matrices of
one role are stacked over the layers, so that each step is one batched product.
"""

import jax
import jax.numpy as jnp

MATRICES = ("qkv", "attention_out", "gate", "up", "down")
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5
MUON_MOMENTUM = 0.95
ADAM_BETAS = (0.9, 0.98)
ADAM_EPSILON = 1e-8


def new_state(weights: dict) -> dict:
    """Zero moments and step 0."""
    first, second = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
    return {"first": first, "second": second, "step": jnp.zeros((), jnp.int32)}


def orthogonalize(stack):
    """Nearest orthogonal matrices of [count, rows, columns], approximately."""
    tall = stack.shape[1] > stack.shape[2]
    x = stack.swapaxes(1, 2) if tall else stack
    x = x / (jnp.linalg.norm(x, axis=(1, 2), keepdims=True) + 1e-7)
    a, b, c = NEWTON_SCHULZ
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.swapaxes(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.swapaxes(1, 2) if tall else x


def muon_directions(gradients: dict, first: dict) -> tuple[dict, dict]:
    """Per role: the direction of the step and the new momentum, stacked over the layers."""
    directions, momenta = {}, {}
    for role in MATRICES:
        gradient = jnp.stack([layer[role] for layer in gradients["layers"]])
        momentum = MUON_MOMENTUM * jnp.stack([layer[role] for layer in first["layers"]]) + gradient
        step = orthogonalize(gradient + MUON_MOMENTUM * momentum)
        directions[role] = step * 0.2 * max(gradient.shape[1:]) ** 0.5
        momenta[role] = momentum
    return directions, momenta


def clip(gradients: dict, limit: float) -> dict:
    """Scale all gradients so that their common norm is at most `limit`."""
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradients)))
    scale = jnp.minimum(1.0, limit / (norm + 1e-6))
    return jax.tree.map(lambda g: g * scale, gradients)


def adam(gradient, first, second, step):
    """One AdamW direction with its new moments."""
    beta1, beta2 = ADAM_BETAS
    first = beta1 * first + (1 - beta1) * gradient
    second = beta2 * second + (1 - beta2) * gradient * gradient
    corrected = first / (1 - beta1**step)
    return corrected / (jnp.sqrt(second / (1 - beta2**step)) + ADAM_EPSILON), first, second


def update(weights: dict, gradients: dict, state: dict, rate, decay: float) -> tuple[dict, dict]:
    """The weights and the state after one step."""
    step = state["step"] + 1
    directions, momenta = muon_directions(gradients, state["first"])

    def move(path, weight, gradient, first, second):
        role = path[-1].key
        if role in MATRICES:
            layer = path[1].idx
            return weight - rate * (directions[role][layer] + decay * weight), momenta[role][layer], second
        direction, first, second = adam(gradient, first, second, step)
        return weight - rate * direction, first, second

    moved = jax.tree_util.tree_map_with_path(move, weights, gradients, state["first"], state["second"])
    pick = lambda index: jax.tree.map(lambda triple: triple[index], moved, is_leaf=lambda x: isinstance(x, tuple))
    return pick(0), {"first": pick(1), "second": pick(2), "step": step}
