"""Writes quantized folders: one graph, or two that share a cache.

A prompt is read fastest by whole 8-bit products, a token is written fastest by 4-bit blocks. A
pair has a graph for each, `prefill.onnx` and `decode.onnx`, with the same inputs and outputs. It
gives logits for as many tokens as a run asks for, so that guessed tokens can be verified.
"""

import sys
from pathlib import Path

import onnx

from nearside_export.decoder import Logits
from nearside_export.folder import GRAPH_NAME, copy_texts, write_json
from nearside_export.graph import ExternalData
from nearside_export.quantization.blocks import Blocks
from nearside_export.quantization.dynamic import Dynamic
from nearside_export.quantization.rewrite import Recipe, rewrite
from nearside_export.quantization.source import FloatGraph

PREFILL, DECODE = "prefill.onnx", "decode.onnx"


def write_pair(source: FloatGraph, target: Path, block: int = 128, logits: Logits = Logits.CHOSEN) -> None:
    """A folder with both graphs; `genai_config.json` names the one that decodes."""
    write_graph(source, target / PREFILL, Dynamic(), logits)
    write_graph(source, target / DECODE, Blocks(4, block), logits)
    write_texts(source, target, DECODE)


def write_single(source: FloatGraph, target: Path, recipe: Recipe, logits: Logits = Logits.LAST) -> None:
    """A folder with one graph."""
    write_graph(source, target / GRAPH_NAME, recipe, logits)
    write_texts(source, target, GRAPH_NAME)


def write_graph(source: FloatGraph, path: Path, recipe: Recipe, logits: Logits) -> None:
    """One graph with its weights beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExternalData(path.with_name(f"{path.name}.data")) as data, Progress(path.name) as progress:
        model = rewrite(source, recipe, data, logits, progress.show)
    onnx.save(model, path)


def write_texts(source: FloatGraph, target: Path, graph: str) -> None:
    """Configurations and tokenizer, with `graph` as the one that decodes."""
    copy_texts(source.folder, target)
    model = source.config["model"]
    decoder = model["decoder"] | {"filename": graph}
    write_json(target / "genai_config.json", source.config | {"model": model | {"decoder": decoder}})


class Progress:
    """A line on standard error that says how far a graph is, if somebody is looking."""

    def __init__(self, name: str):
        self.name, self.shown = name, sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def show(self, done: int, total: int) -> None:
        """`done` of `total` nodes are written."""
        if self.shown:
            print(f"\r{self.name}: {done * 100 // total:3} %", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_) -> None:
        if self.shown:
            print(file=sys.stderr)
