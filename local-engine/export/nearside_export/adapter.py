"""Writes `.onnx_adapter` files: a PEFT LoRA folder in the form that an exported graph takes.

The file is ONNX Runtime's adapter format: named tensors, here those of the graph's optional inputs
(see `lora`). What PEFT keeps apart for the parts of a joined projection becomes one pair: the A of
the parts beside each other, their B in a block diagonal, so that each part keeps its own product.
The scale `alpha / rank` is in B.
"""

from pathlib import Path

import numpy as np
import onnxruntime as ort

from nearside_export.architecture import Architecture
from nearside_export.errors import ExportError
from nearside_export.families import read_architecture
from nearside_export.folder import read_json
from nearside_export.lora import PARTS, input_name
from nearside_export.peft import Delta, PeftFolder
from nearside_export.quantization.source import FloatGraph

FORMAT_VERSION = 1


def write_adapter(base: Path, peft: Path, target: Path) -> None:
    """Turns a PEFT folder into an adapter file for the graph in the folder `base`.

    Raises `ExportError` for a graph that takes none, and for an adapter that does not fit it.
    """
    config = read_json(base / "config.json")
    architecture = read_architecture(config.get("text_config") or config)
    source = FloatGraph(base)
    tensors = {}
    folder = PeftFolder(peft)
    for layer in range(len(architecture.layers)):
        for name, pair in projections(architecture, layer, folder).items():
            tensors |= {input_name(name, part): factor for part, factor in zip(PARTS, pair)}
    folder.check_all_used()
    check_fit(source, tensors)
    write_tensors(tensors, target)


def projections(shape: Architecture, layer: int, folder: PeftFolder) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """A [in, rank] and B [rank, out] by the name of the projection in the graph, those there are."""
    prefix = f"model.layers.{layer}"
    attention, mlp = f"{prefix}.self_attn", f"{prefix}.mlp"
    widths = np.array([shape.heads, shape.kv_heads, shape.kv_heads]) * shape.head_size
    parts = [(folder.delta(f"{attention}.{part}_proj"), width) for part, width in zip("qkv", widths)]
    gate, up = gate_and_up(mlp, folder)
    found = {
        f"{prefix}.attn.qkv_proj": folder.delta(f"{attention}.qkv_proj") or joined(parts),
        f"{prefix}.attn.o_proj": folder.delta(f"{attention}.o_proj"),
        f"{mlp}.gate_proj": gate,
        f"{mlp}.up_proj": up,
        f"{mlp}.down_proj": folder.delta(f"{mlp}.down_proj"),
    }
    return {name: (delta.a, delta.b) for name, delta in found.items() if delta}


def gate_and_up(mlp: str, folder: PeftFolder) -> list[Delta | None]:
    """Two pairs; of a projection that the model joins and the graph does not, both with its A."""
    both = folder.delta(f"{mlp}.gate_up_proj")
    if both:
        return [Delta(both.a, half) for half in np.split(both.b, 2, axis=1)]
    return [folder.delta(f"{mlp}.{part}_proj") for part in ("gate", "up")]


def joined(parts: list[tuple[Delta | None, int]]) -> Delta | None:
    """One pair for projections of one input, each with its width; those without an adapter add zeros."""
    deltas = [delta for delta, _ in parts if delta]
    if not deltas:
        return None
    rank, width = sum(delta.a.shape[1] for delta in deltas), sum(width for _, width in parts)
    b, row, column = np.zeros((rank, width), np.float32), 0, 0
    for delta, width in parts:
        if delta:
            rows = delta.b.shape[0]
            if delta.b.shape[1] != width:
                raise ExportError(f"an adapter is {delta.b.shape[1]} wide where the model is {width}")
            b[row : row + rows, column : column + width] = delta.b
            row += rows
        column += width
    return Delta(np.concatenate([delta.a for delta in deltas], axis=1), b)


def check_fit(source: FloatGraph, tensors: dict[str, np.ndarray]) -> None:
    """Raises `ExportError` unless every tensor has an optional input of its shape."""
    for name, tensor in tensors.items():
        if name not in source.inputs or name not in source.constants:
            raise ExportError(f"{source.path} takes no `{name}`; export it with --adapters")
        rank_axis = 1 if PARTS[0] in name else 0
        wanted, given = source.constants[name].dims[1 - rank_axis], tensor.shape[1 - rank_axis]
        if wanted != given:
            raise ExportError(f"`{name}` has {given} where {source.path} has {wanted}: it is for another model")


def write_tensors(tensors: dict[str, np.ndarray], target: Path) -> None:
    """An adapter file."""
    value = ort.OrtValue.ortvalue_from_numpy
    # Kept until the file is written: the format only borrows them.
    values = {name: value(np.ascontiguousarray(tensor)) for name, tensor in tensors.items()}
    adapter = ort.AdapterFormat()
    adapter.set_adapter_version(FORMAT_VERSION)
    adapter.set_model_version(FORMAT_VERSION)
    adapter.set_parameters(values)
    target.parent.mkdir(parents=True, exist_ok=True)
    adapter.export_adapter(str(target))
