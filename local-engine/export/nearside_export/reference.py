"""A Llama, a Mixtral or a Qwen3-MoE in plain numpy, straight from the stored tensors: slow, without a cache.

What graphs are checked against where transformers is not installed. It shares no code with the
exporter, so that a mistake there shows.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file


class Reference:
    """The model in a folder with one weight file."""

    def __init__(self, folder: Path):
        self.config = json.loads((folder / "config.json").read_text("utf-8"))
        stored = load_file(folder / "model.safetensors")
        self.tensors = {name: tensor.astype(np.float32) for name, tensor in stored.items()}

    def greedy(self, ids: list[int], steps: int) -> tuple[list[int], np.ndarray, float]:
        """Greedy continuation, the logits after the prompt, and the smallest distance between the
        two best logits on the way."""
        written, first, margin = [], self.logits(ids), np.inf
        for _ in range(steps):
            logits = self.logits(ids + written)
            second, best = np.partition(logits, -2)[-2:]
            margin = min(margin, float(best - second))
            written.append(int(logits.argmax()))
        return written, first, margin

    def logits(self, ids: list[int]) -> np.ndarray:
        """Logits after the last of `ids`, [vocabulary]."""
        x = self.tensors["model.embed_tokens.weight"][ids]
        for layer in range(self.config["num_hidden_layers"]):
            prefix = f"model.layers.{layer}"
            x = x + self.attention(f"{prefix}.self_attn", self.norm(f"{prefix}.input_layernorm", x))
            x = x + self.feed_forward(prefix, self.norm(f"{prefix}.post_attention_layernorm", x))
        head = self.tensors.get("lm_head.weight", self.tensors["model.embed_tokens.weight"])
        return head @ self.norm("model.norm", x[-1])

    def norm(self, name: str, x: np.ndarray) -> np.ndarray:
        """RMSNorm."""
        mean = np.mean(x * x, axis=-1, keepdims=True)
        return x / np.sqrt(mean + self.config["rms_norm_eps"]) * self.tensors[f"{name}.weight"]

    def attention(self, prefix: str, x: np.ndarray) -> np.ndarray:
        """Grouped-query attention, each token over those before it."""
        heads, groups = self.config["num_attention_heads"], self.config["num_key_value_heads"]
        query, key = (self.rotated_heads(prefix, name, x) for name in "qk")
        value = self.heads(f"{prefix}.v_proj", x)
        future = np.triu(np.full((len(x), len(x)), -np.inf), 1)
        mixed = []
        for head in range(heads):
            group = head // (heads // groups)
            scores = query[:, head] @ key[:, group].T / np.sqrt(query.shape[-1]) + future
            mixed.append(softmax(scores) @ value[:, group])
        return self.project(f"{prefix}.o_proj", np.concatenate(mixed, axis=-1).astype(np.float32))

    def rotated_heads(self, prefix: str, name: str, x: np.ndarray) -> np.ndarray:
        """Queries or keys with their positions, each head normed in families that do so."""
        heads = self.heads(f"{prefix}.{name}_proj", x)
        if f"{prefix}.{name}_norm.weight" in self.tensors:
            heads = self.norm(f"{prefix}.{name}_norm", heads)
        return rotate(heads, self.config["rope_theta"])

    def heads(self, name: str, x: np.ndarray) -> np.ndarray:
        """A projection, [tokens, heads, head size]."""
        size = self.config["hidden_size"] // self.config["num_attention_heads"]
        return self.project(name, x).reshape(len(x), -1, size)

    def feed_forward(self, prefix: str, x: np.ndarray) -> np.ndarray:
        """SwiGLU, or the best few of several."""
        if "num_experts_per_tok" not in self.config:
            return self.gated(x, *(f"{prefix}.mlp.{name}_proj" for name in ("gate", "up", "down")))
        mixtral = self.config["model_type"] == "mixtral"
        moe = f"{prefix}.block_sparse_moe" if mixtral else f"{prefix}.mlp"
        parts = ("w1", "w3", "w2") if mixtral else ("gate_proj", "up_proj", "down_proj")
        out = np.zeros_like(x)
        for token, shares in enumerate(softmax(self.project(f"{moe}.gate", x))):
            best = np.argsort(-shares)[: self.config["num_experts_per_tok"]]
            total = shares[best].sum() if mixtral or self.config["norm_topk_prob"] else 1
            for expert in best:
                names = (f"{moe}.experts.{expert}.{part}" for part in parts)
                out[token] += shares[expert] / total * self.gated(x[token], *names)
        return out

    def gated(self, x: np.ndarray, gate: str, up: str, down: str) -> np.ndarray:
        """SwiGLU."""
        gate = self.project(gate, x)
        return self.project(down, gate / (1 + np.exp(-gate)) * self.project(up, x))

    def project(self, name: str, x: np.ndarray) -> np.ndarray:
        """Product with a stored matrix [out, in]."""
        return x @ self.tensors[f"{name}.weight"].T


def rotate(x: np.ndarray, theta: float) -> np.ndarray:
    """Turns pairs (i, i + half) of each head by an angle that grows with the position."""
    tokens, _, size = x.shape
    angles = np.outer(np.arange(tokens), theta ** (-np.arange(0, size, 2) / size))[:, None]
    left, right = np.split(x, 2, axis=-1)
    turned = left * np.cos(angles) - right * np.sin(angles), right * np.cos(angles) + left * np.sin(angles)
    return np.concatenate(turned, axis=-1).astype(np.float32)


def softmax(x: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
