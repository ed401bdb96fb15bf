"""Trains the decoder, with checkpoints to resume from and a progress line."""

import sys
import time
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import model
import optimizer
from packing import Rows, batches
from settings import SHAPE, TRAINING, WORK_DIR, Training

CHECKPOINT = WORK_DIR / "checkpoint.npz"
WEIGHTS = WORK_DIR / "weights.npz"


def loss(weights: dict, tokens, segments, targets, token_weights):
    """Weighted mean cross entropy of the next token."""
    logits = model.logits(SHAPE, weights, tokens, segments)
    chosen = jnp.take_along_axis(logits, targets.reshape(-1, 1), axis=1)[:, 0]
    losses = jax.nn.logsumexp(logits, axis=1) - chosen
    flat = token_weights.reshape(-1)
    return jnp.sum(losses * flat) / jnp.sum(flat)


@partial(jax.jit, donate_argnums=(0, 1))
def train_step(weights, state, rate, batch):
    """One optimizer step."""
    value, gradients = jax.value_and_grad(loss)(weights, *batch)
    gradients = optimizer.clip(gradients, TRAINING.clip)
    weights, state = optimizer.update(weights, gradients, state, rate, TRAINING.weight_decay)
    return weights, state, value


def rate_at(step: int, total: int, training: Training) -> float:
    """Linear warm-up, then linear to zero."""
    if step < training.warmup_steps:
        return training.peak_rate * (step + 1) / training.warmup_steps
    return training.peak_rate * (total - step) / max(1, total - training.warmup_steps)


def save(path: Path, tree) -> None:
    """Writes the leaves of a tree in order; the file appears whole or not at all."""
    partial_file = path.with_suffix(".partial.npz")
    np.savez(partial_file, *[np.asarray(leaf) for leaf in jax.tree.leaves(tree)])
    partial_file.replace(path)


def load(path: Path, like):
    """Reads what `save` wrote into the structure of `like`."""
    with np.load(path) as stored:
        leaves = [stored[f"arr_{index}"] for index in range(len(stored.files))]
    return jax.tree.unflatten(jax.tree.structure(like), leaves)


class Progress:
    """A line with loss, speed and time left."""

    def __init__(self, done: int, total: int):
        self.first, self.total = done, total
        self.start = self.last_print = time.monotonic()
        self.mean = None

    def show(self, step: int, value: float) -> None:
        """Called after every step; prints every few seconds."""
        self.mean = value if self.mean is None else 0.98 * self.mean + 0.02 * value
        now = time.monotonic()
        if now - self.last_print < 5 and step < self.total:
            return
        self.last_print = now
        pace = (now - self.start) / (step - self.first)
        left = int(pace * (self.total - step))
        speed = TRAINING.batch_tokens / pace
        line = f"step {step}/{self.total}  loss {self.mean:.4f}  {speed:,.0f} tokens/s  {left // 60}:{left % 60:02d} left"
        end = "\r" if sys.stdout.isatty() else "\n"
        print(line, end=end, flush=True)


def finished() -> tuple[dict, int]:
    """The weights of a finished run and its number of steps."""
    weights, steps = load(WEIGHTS, (model.init_weights(SHAPE, TRAINING.seed), 0))
    return weights, int(steps)


def train(buckets: list[Rows]) -> tuple[dict, int]:
    """Trains to the end of the data, from the last checkpoint if there is one."""
    weights = model.init_weights(SHAPE, TRAINING.seed)
    state, done = optimizer.new_state(weights), 0
    if CHECKPOINT.exists():
        weights, state = load(CHECKPOINT, (weights, state))
        done = int(state["step"])
    total = sum(len(b.tokens) // max(1, TRAINING.batch_tokens // b.tokens.shape[1]) for b in buckets)
    print(f"training: {model.count_parameters(weights):,} parameters, {total} steps, starting at {done}", flush=True)
    progress = Progress(done, total)
    for step, batch in enumerate(batches(buckets, TRAINING)):
        if step < done:
            continue
        weights, state, value = train_step(weights, state, rate_at(step, total, TRAINING), batch)
        progress.show(step + 1, float(value))
        if (step + 1) % TRAINING.checkpoint_every == 0:
            save(CHECKPOINT, (weights, state))
    save(WEIGHTS, (weights, total))
    return weights, total
