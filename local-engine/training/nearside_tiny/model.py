"""The decoder in JAX: RMSNorm, rotary positions, grouped-query attention, SwiGLU.

The layout of the weights is that of the ONNX graph (`onnx_graph.py`): matrices are
stored input-major, queries, keys and values share one matrix, and the embedding is
also the output head.
"""

import jax
import jax.numpy as jnp
import numpy as np

from settings import ModelShape


def init_weights(shape: ModelShape, seed: int) -> dict:
    """Random weights; the two matrices that write to the residual stream start smaller."""
    rng = np.random.default_rng(seed)

    def matrix(rows, columns, scale=1.0):
        return (rng.standard_normal((rows, columns)) * scale / np.sqrt(rows)).astype(np.float32)

    residual = 1.0 / np.sqrt(2 * shape.layers)
    attention_width = shape.heads * shape.head_dim
    layers = [
        {
            "attention_norm": np.ones(shape.hidden, np.float32),
            "qkv": matrix(shape.hidden, shape.qkv_width),
            "attention_out": matrix(attention_width, shape.hidden, residual),
            "ffn_norm": np.ones(shape.hidden, np.float32),
            "gate": matrix(shape.hidden, shape.ffn),
            "up": matrix(shape.hidden, shape.ffn),
            "down": matrix(shape.ffn, shape.hidden, residual),
        }
        for _ in range(shape.layers)
    ]
    embedding = (rng.standard_normal((shape.vocab_size, shape.hidden)) * 0.05).astype(np.float32)
    return {"embedding": embedding, "layers": layers, "final_norm": np.ones(shape.hidden, np.float32)}


def rotary_tables(shape: ModelShape, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and sines, each [length, head_dim / 2]."""
    half = shape.head_dim // 2
    rates = shape.rope_theta ** (-np.arange(half, dtype=np.float64) / half)
    angles = np.arange(length, dtype=np.float64)[:, None] * rates[None, :]
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def rms_norm(x, weight, eps):
    """Root-mean-square normalization over the last axis."""
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + eps) * weight


def rotate(x, cos, sin):
    """Rotary positions on [batch, heads, length, head_dim], halves not interleaved."""
    left, right = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([left * cos - right * sin, right * cos + left * sin], axis=-1)


@jax.checkpoint
def attend(row):
    """Attention of one row: queries, keys and values [heads, length, head_dim], and the mask."""
    query, key, value, hidden = row
    return jax.nn.softmax(query @ key.swapaxes(-1, -2) + hidden, axis=-1) @ value


def attention(shape: ModelShape, layer: dict, x, hidden, cos, sin):
    """Grouped-query attention; `hidden` is [batch, length, length], very negative where unseen.

    Keys are repeated and rows done one by one, recomputed in the backward pass: on a CPU
    that halves the time, because the scores of one row stay in the cache.
    """
    batch, length, _ = hidden.shape
    group = shape.heads // shape.kv_heads
    qkv = (x @ layer["qkv"]).reshape(batch, length, -1, shape.head_dim).swapaxes(1, 2)
    query, key, value = jnp.split(qkv, [shape.heads, shape.heads + shape.kv_heads], axis=1)
    query = rotate(query, cos, sin) / np.sqrt(shape.head_dim)
    key = jnp.repeat(rotate(key, cos, sin), group, axis=1)
    value = jnp.repeat(value, group, axis=1)
    mixed = jax.lax.map(attend, (query, key, value, hidden))
    return mixed.swapaxes(1, 2).reshape(batch * length, -1) @ layer["attention_out"]


def silu(x):
    """x * sigmoid(x), through tanh, which XLA vectorizes on a CPU."""
    return 0.5 * x * (1.0 + jnp.tanh(0.5 * x))


def feed_forward(layer: dict, x):
    """SwiGLU."""
    return (silu(x @ layer["gate"]) * (x @ layer["up"])) @ layer["down"]


def logits(shape: ModelShape, weights: dict, tokens, segments):
    """Next-token logits [rows * length, vocabulary] of packed rows.

    A token sees only its own segment. Activations stay two-dimensional, which makes the
    weight gradients single matrix products.
    """
    rows, length = tokens.shape
    cos, sin = rotary_tables(shape, length)
    causal = np.tril(np.ones((length, length), bool))
    visible = causal[None] & (segments[:, :, None] == segments[:, None, :])
    hidden = jnp.where(visible, 0.0, -1e9)
    x = weights["embedding"][tokens.reshape(rows * length)]
    for layer in weights["layers"]:
        normed = rms_norm(x, layer["attention_norm"], shape.norm_eps)
        x = x + attention(shape, layer, normed, hidden, cos, sin)
        x = x + feed_forward(layer, rms_norm(x, layer["ffn_norm"], shape.norm_eps))
    return rms_norm(x, weights["final_norm"], shape.norm_eps) @ weights["embedding"].T


def count_parameters(weights: dict) -> int:
    """Number of stored numbers."""
    return sum(leaf.size for leaf in jax.tree.leaves(weights))
