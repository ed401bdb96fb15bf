"""Proves that the exported graphs compute what the trained model computes."""

from pathlib import Path

import numpy as np

import model
from runtime import Runner
from settings import SHAPE

TOLERANCE = 1e-3
PROMPT = (
    "<|bos|><|system|>You are a helpful assistant.<|end|><|user|>Extract the e-mail address: "
    "Please write to mira.olsen@harbour.example before 3 May 2031, or call 555-0148.<|end|>"
    "<|assistant|>mira.olsen@harbour.example<|end|><|user|>And the date?<|end|><|assistant|>"
)


def one_shot(runner: Runner, ids: list[int]) -> np.ndarray:
    """Logits of all positions from a single run."""
    return runner.run(ids, runner.empty_cache())[0]


def in_chunks(runner: Runner, ids: list[int], size: int) -> np.ndarray:
    """The same logits from runs of `size` tokens over a growing cache."""
    cache, parts = runner.empty_cache(), []
    for start in range(0, len(ids), size):
        logits, cache = runner.run(ids[start : start + size], cache)
        parts.append(logits)
    return np.concatenate(parts)


def same(name: str, left: np.ndarray, right: np.ndarray, tolerance: float = TOLERANCE) -> None:
    """Raises unless logits are close and the best tokens equal."""
    difference = float(np.abs(left - right).max())
    agree = bool((left.argmax(-1) == right.argmax(-1)).all())
    print(f"  {name}: largest difference {difference:.2e}, best tokens equal: {agree}")
    if difference > tolerance or not agree:
        raise SystemExit(f"{name}: the logits differ by {difference}, expected at most {tolerance}")


def check_float(weights: dict, float_graph: Path, tokenizer_dir: Path) -> None:
    """The float graph against JAX, whole and in chunks."""
    runner = Runner(float_graph, tokenizer_dir)
    ids = runner.encode(PROMPT)
    tokens = np.array([ids], np.int32)
    reference = np.asarray(model.logits(SHAPE, weights, tokens, np.zeros_like(tokens)))
    whole = one_shot(runner, ids)
    same("float graph, one run", reference, whole)
    for size in (16, 7, 1):
        same(f"float graph, {size} at a time", whole, in_chunks(runner, ids, size))
