"""Reads the weights of a Hugging Face folder, a layer at a time, in float32.

Matrices come as [in, out], ready for `x @ matrix`; projections of the same input come joined.
"""

import json
from pathlib import Path

import numpy as np
from safetensors import safe_open

from nearside_export.architecture import Architecture
from nearside_export.errors import ExportError
from nearside_export.families import GEMMA


class Weights:
    """The tensors of a model, in float32, bfloat16 or float16, in one file or several."""

    def __init__(self, folder: Path, architecture: Architecture):
        self.architecture = architecture
        self.files, self.used = {}, set()
        for path in weight_files(folder):
            file = safe_open(path, "numpy")
            self.files.update(dict.fromkeys(file.keys(), file))

    @property
    def embedding(self) -> np.ndarray:
        """[vocabulary, hidden]."""
        return self.tensor("model.embed_tokens.weight")

    @property
    def head(self) -> np.ndarray:
        """The LM head, [hidden, vocabulary]; the embedding where there is no other."""
        return self.matrix("lm_head") if self.has("lm_head.weight") else self.embedding.T

    @property
    def final_norm(self) -> np.ndarray:
        """[hidden]."""
        return self.norm("model.norm")

    def layer(self, index: int) -> dict[str, np.ndarray]:
        """A layer by part; parts that the family lacks are missing."""
        prefix = f"model.layers.{index}"
        return self.norms(prefix) | self.attention(f"{prefix}.self_attn") | self.feed_forward(prefix)

    def norms(self, prefix: str) -> dict[str, np.ndarray]:
        """Norms before the two halves of a layer, and after them (Gemma)."""
        names = {"attention_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"}
        if self.architecture.family in GEMMA:
            names |= {
                "post_attention_norm": "post_attention_layernorm",
                "ffn_norm": "pre_feedforward_layernorm",
                "post_ffn_norm": "post_feedforward_layernorm",
            }
        return {part: self.norm(f"{prefix}.{name}") for part, name in names.items()}

    def attention(self, prefix: str) -> dict[str, np.ndarray]:
        """Projections, their biases, and the norms of single heads."""
        fused = self.has(f"{prefix}.qkv_proj.weight")
        names = [f"{prefix}.{name}_proj" for name in (("qkv",) if fused else ("q", "k", "v"))]
        parts = {"qkv": self.matrix(*names), "attention_out": self.matrix(f"{prefix}.o_proj")}
        if self.has(f"{names[0]}.bias"):
            parts["qkv_bias"] = np.concatenate([self.tensor(f"{name}.bias") for name in names])
        if self.has(f"{prefix}.o_proj.bias"):
            parts["attention_out_bias"] = self.tensor(f"{prefix}.o_proj.bias")
        if self.has(f"{prefix}.q_norm.weight"):
            parts |= {"q_norm": self.norm(f"{prefix}.q_norm"), "k_norm": self.norm(f"{prefix}.k_norm")}
        return parts

    def feed_forward(self, prefix: str) -> dict[str, np.ndarray]:
        """A gated network, or the router and the networks it chooses from."""
        if self.architecture.family == "mixtral":
            return self.mixture(f"{prefix}.block_sparse_moe", "w1", "w3", "w2")
        if self.architecture.experts:
            return self.mixture(f"{prefix}.mlp", "gate_proj", "up_proj", "down_proj")
        down = self.matrix(f"{prefix}.mlp.down_proj")
        if self.has(f"{prefix}.mlp.gate_up_proj.weight"):
            gate, up = np.split(self.matrix(f"{prefix}.mlp.gate_up_proj"), 2, axis=1)
        else:
            gate, up = self.matrix(f"{prefix}.mlp.gate_proj"), self.matrix(f"{prefix}.mlp.up_proj")
        return {"gate": gate, "up": up, "down": down}

    def mixture(self, prefix: str, gate: str, up: str, down: str) -> dict[str, np.ndarray]:
        """Router [hidden, experts]; per expert gate and up in alternating rows [2 inner, hidden],
        and down [hidden, inner]: the layout of ONNX Runtime's MoE operator."""
        experts = [f"{prefix}.experts.{index}" for index in range(self.architecture.experts.count)]
        pairs = [[self.tensor(f"{expert}.{part}.weight") for part in (gate, up)] for expert in experts]
        return {
            "router": self.matrix(f"{prefix}.gate"),
            "experts_gate_up": np.stack([np.stack(pair, 1).reshape(-1, pair[0].shape[1]) for pair in pairs]),
            "experts_down": np.stack([self.tensor(f"{expert}.{down}.weight") for expert in experts]),
        }

    def norm(self, name: str) -> np.ndarray:
        """The scale of a norm. Gemma stores what it adds to one."""
        scale = self.tensor(f"{name}.weight")
        return scale + 1 if self.architecture.family in GEMMA else scale

    def matrix(self, *names: str) -> np.ndarray:
        """Projections of one input beside each other, [in, sum of out]."""
        return np.concatenate([self.tensor(f"{name}.weight") for name in names]).T

    def tensor(self, name: str) -> np.ndarray:
        """A tensor as it is stored, in float32."""
        if name not in self.files:
            raise ExportError(f"the weights lack `{name}`")
        self.used.add(name)
        return self.files[name].get_tensor(name).astype(np.float32)

    def has(self, name: str) -> bool:
        """Whether a tensor exists."""
        return name in self.files

    def check_all_used(self) -> None:
        """Raises `ExportError` for a tensor that no part of the graph asked for."""
        unused = sorted(name for name in self.files.keys() - self.used if not name.endswith(COMPUTED))
        if unused:
            raise ExportError(f"{len(unused)} tensors have no place in the graph, `{unused[0]}` among them")


COMPUTED = "rotary_emb.inv_freq"
"""Stored by old checkpoints, though it follows from the configuration."""


def weight_files(folder: Path) -> list[Path]:
    """`model.safetensors`, or the parts that its index names."""
    whole, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if whole.exists():
        return [whole]
    if not index.exists():
        raise ExportError(f"{folder} has neither {whole.name} nor {index.name}")
    names = json.loads(index.read_text("utf-8"))["weight_map"].values()
    return [folder / Path(name).name for name in sorted(set(names))]
