"""Windows in batches of like length."""

import random

import numpy as np
import torch

from dataset import Tokens
from settings import BATCH_TOKENS, LABELS

CLS, SEP, MASK = 101, 102, 103
HIDDEN_ENTITY_TOKENS = 0.08
HIDDEN_TOKENS = 0.02


def plan(tokens: Tokens, seed: int) -> list[list[int]]:
    """The windows of each batch, in random order."""
    rng = random.Random(seed)
    order = list(range(len(tokens.starts) - 1))
    rng.shuffle(order)
    lengths = np.diff(tokens.starts)
    batches = []
    for at in range(0, len(order), 4096):
        batch, longest = [], 0
        for number in sorted(order[at : at + 4096], key=lambda number: lengths[number]):
            longest = max(longest, lengths[number] + 2)
            if batch and longest * (len(batch) + 1) > BATCH_TOKENS:
                batches.append(batch)
                batch, longest = [], lengths[number] + 2
            batch.append(number)
        if batch:
            batches.append(batch)
    rng.shuffle(batches)
    return batches


def load(tokens: Tokens, batch: list[int], rng: np.random.Generator | None):
    """ids, cases, mask [rows, tokens]; targets and known [rows, tokens, labels]. With `rng`, some
    tokens are hidden: what stands around a name has to do."""
    width = max(tokens.starts[number + 1] - tokens.starts[number] for number in batch) + 2
    width = -(-width // 8) * 8
    ids, cases, labels, known = (np.zeros((len(batch), width), np.int64) for _ in range(4))
    mask = np.zeros((len(batch), width), bool)
    for row, number in enumerate(batch):
        window = tokens.window(number)
        end = window.stop - window.start + 1
        ids[row, 0], ids[row, end] = CLS, SEP
        ids[row, 1:end], cases[row, 1:end] = tokens.ids[window], tokens.cases[window]
        labels[row, 1:end], known[row, 1:end] = tokens.labels[window], tokens.known[window]
        mask[row, : end + 1] = True
    if rng:
        share = np.where(labels > 0, HIDDEN_ENTITY_TOKENS, HIDDEN_TOKENS) * (known > 0)
        ids[rng.random(ids.shape) < share] = MASK
    bits = 1 << np.arange(len(LABELS))
    split = lambda values: torch.from_numpy((values[..., None] & bits > 0).astype(np.float32))
    return torch.from_numpy(ids), torch.from_numpy(cases), torch.from_numpy(mask), split(labels), split(known)
