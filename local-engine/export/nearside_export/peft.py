"""PEFT LoRA folders (`adapter_config.json`, `adapter_model.safetensors`): read, merged, made at random."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from nearside_export.errors import ExportError
from nearside_export.folder import read_json, write_json

CONFIG, TENSORS = "adapter_config.json", "adapter_model.safetensors"
PREFIX = "base_model.model."
"""Before the names of the model's own modules."""
REFUSED = {"use_dora": False, "fan_in_fan_out": False, "lora_bias": False, "bias": "none", "modules_to_save": None}
"""Settings whose adapters are more than two factors for a projection, with the value that says they aren't."""


@dataclass(frozen=True)
class Delta:
    """What an adapter adds to a matrix [in, out]: `a @ b`."""

    a: np.ndarray
    """[in, rank]."""
    b: np.ndarray
    """[rank, out], the scale included."""


class PeftFolder:
    """An adapter as PEFT's `save_pretrained` writes it."""

    def __init__(self, folder: Path):
        """Raises `ExportError` for adapters of other kinds than plain LoRA."""
        self.folder, self.config = folder, read_json(folder / CONFIG)
        if self.config.get("peft_type") != "LORA":
            raise ExportError(f"{folder / CONFIG}: peft_type is `{self.config.get('peft_type')}`, expected `LORA`")
        for setting, plain in REFUSED.items():
            if (self.config.get(setting) or plain) != plain:
                raise ExportError(f"{folder / CONFIG}: `{setting}` is not supported")
        self.tensors = load_file(folder / TENSORS)
        self.used = set()

    def delta(self, module: str) -> Delta | None:
        """What the adapter adds to a module of the model, if it does."""
        names = [f"{PREFIX}{module}.{part}.weight" for part in ("lora_A", "lora_B")]
        if not any(name in self.tensors for name in names):
            return None
        missing = next((name for name in names if name not in self.tensors), None)
        if missing:
            raise ExportError(f"{self.folder / TENSORS} lacks `{missing}`")
        self.used.update(names)
        a, b = (self.tensors[name].astype(np.float32).T for name in names)
        return Delta(a, b * np.float32(self.scale(module, a.shape[1])))

    def scale(self, module: str, rank: int) -> float:
        """`alpha / rank`, or `alpha / sqrt(rank)` (Kalajdzievski, "rsLoRA", 2023)."""
        patterns = (self.config.get("alpha_pattern") or {}).items()
        special = (alpha for pattern, alpha in patterns if re.fullmatch(rf"(.*\.)?({pattern})", module))
        alpha = next(special, self.config["lora_alpha"])
        return alpha / (math.sqrt(rank) if self.config.get("use_rslora") else rank)

    def check_all_used(self) -> None:
        """Raises `ExportError` for a tensor that nothing asked for."""
        unused = sorted(self.tensors.keys() - self.used)
        if unused:
            raise ExportError(f"{len(unused)} tensors have no place in the graph, `{unused[0]}` among them")


def merge(source: Path, peft: Path, target: Path) -> None:
    """A Hugging Face folder like `source`, the adapter added to its weights: what a graph with that
    adapter must compute."""
    adapter, tensors = PeftFolder(peft), load_file(source / "model.safetensors")
    for name, weight in tensors.items():
        delta = adapter.delta(name.removesuffix(".weight"))
        if delta:
            tensors[name] = weight + (delta.a @ delta.b).T
    adapter.check_all_used()
    target.mkdir(parents=True, exist_ok=True)
    save_file(tensors, target / "model.safetensors")
    (target / "config.json").write_bytes((source / "config.json").read_bytes())


def write_random_adapter(
    source: Path, target: Path, rank: int, seed: int = 1, modules: tuple[str, ...] = (), gain: float = 1.0
) -> None:
    """A PEFT folder with random factors for the projections of a Hugging Face folder with one weight
    file: those named in `modules`, or all. `gain` is the size of what it adds, where a random
    model's own weights have 1."""
    rng = np.random.default_rng(seed)
    tensors = {}
    for name, weight in sorted(load_file(source / "model.safetensors").items()):
        module = name.removesuffix(".weight")
        if module.endswith(modules or "_proj"):
            rows, columns = weight.shape
            a, b = (rng.standard_normal(size, np.float32) for size in ((rank, columns), (rows, rank)))
            tensors[f"{PREFIX}{module}.lora_A.weight"] = a * np.float32(1 / math.sqrt(columns))
            tensors[f"{PREFIX}{module}.lora_B.weight"] = b * np.float32(gain / math.sqrt(rank))
    if not tensors:
        raise ExportError(f"{source} has no {' or '.join(modules) or 'projections'}")
    target.mkdir(parents=True, exist_ok=True)
    save_file(tensors, target / TENSORS)
    config = {"peft_type": "LORA", "r": rank, "lora_alpha": rank, "bias": "none"}
    config["target_modules"] = sorted({name.split(".")[-3] for name in tensors})
    write_json(target / CONFIG, config)
