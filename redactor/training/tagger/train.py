"""The training loop, with checkpoints."""

import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import batches
from dataset import Tokens
from model import Tagger
from settings import CHECKPOINT_SECONDS, EPOCHS, LABELS, RATE, RATE_OF_EMBEDDINGS, SEED, WARM_UP, WEIGHT_DECAY, WORK


def train(tagger: Tagger, taught: Tokens):
    """Trains in place; goes on from the last checkpoint."""
    torch.manual_seed(SEED)
    plans = [batch for epoch in range(math.ceil(EPOCHS)) for batch in batches.plan(taught, SEED + epoch)]
    plans = plans[: int(len(plans) * EPOCHS / math.ceil(EPOCHS))]
    optimizer = torch.optim.AdamW(_groups(tagger), betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, len(plans)))
    checkpoint = WORK / "checkpoint.pt"
    first = _resume(checkpoint, tagger, optimizer, schedule)
    rng = np.random.default_rng(SEED + first)
    tagger.train()
    began = saved = time.monotonic()
    mean = None
    for step in range(first, len(plans)):
        loss = _loss(tagger, batches.load(taught, plans[step], rng))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        schedule.step()
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        now = time.monotonic()
        if step % 20 == 0:
            left = (now - began) / (step - first + 1) * (len(plans) - step - 1)
            print(
                f"\rstep {step + 1} of {len(plans)}, loss {mean:.4f}, {left / 60:.0f} min left ",
                end="\n" if step % 200 == 0 else "",
                flush=True,
            )
        if now - saved > CHECKPOINT_SECONDS or step + 1 == len(plans):
            _save(checkpoint, tagger, optimizer, schedule, step + 1)
            saved = now
    print()
    tagger.eval()


def _groups(tagger: Tagger) -> list[dict]:
    tables = [tagger.words.weight, tagger.cases.weight, *tagger.scores.parameters()]
    plain = [
        parameter
        for name, parameter in tagger.named_parameters()
        if parameter.ndim == 1 and not name.startswith("scores")
    ]
    matrices = [
        parameter
        for name, parameter in tagger.named_parameters()
        if parameter.ndim > 1 and not name.startswith(("words", "cases", "scores"))
    ]
    return [
        {"params": tables, "lr": RATE_OF_EMBEDDINGS, "weight_decay": 0.0},
        {"params": plain, "lr": RATE, "weight_decay": 0.0},
        {"params": matrices, "lr": RATE, "weight_decay": WEIGHT_DECAY},
    ]


def _rate(step: int, steps: int) -> float:
    """Up in a line, down in a line to a hundredth."""
    warm = max(1, int(WARM_UP * steps))
    return min((step + 1) / warm, max(0.01, (steps - step) / max(1, steps - warm)))


def _loss(tagger: Tagger, batch) -> torch.Tensor:
    """Cross entropy of each label that is known, a token counted once."""
    ids, cases, mask, targets, known = batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = tagger(ids, cases, mask)
    loss = functional.binary_cross_entropy_with_logits(scores.float(), targets, weight=known, reduction="sum")
    return loss * len(LABELS) / known.sum().clamp(min=1)


def _resume(path: Path, tagger, optimizer, schedule) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    tagger.load_state_dict(state["tagger"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return state["step"]


def _save(path: Path, tagger, optimizer, schedule, step: int):
    state = {
        "tagger": tagger.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)
