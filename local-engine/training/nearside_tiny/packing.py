"""Packs tokenized conversations into rows of equal length, and rows into batches."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from settings import Training

OPEN_ROWS = 64
# Token ids, and for each whether it belongs to an answer.
Example = tuple[list[int], list[bool]]


@dataclass
class Rows:
    """Packed rows of one length: tokens, the conversation each belongs to, and what to learn."""

    tokens: np.ndarray
    segments: np.ndarray
    learned: np.ndarray


def pack(examples: list[Example], length: int, fillers: list[Example]) -> Rows:
    """First fit over a few open rows; gaps take examples from the end of `fillers`."""
    filled, open_rows = [], []
    for example in examples:
        size = len(example[0])
        row = next((r for r in open_rows if r[0] + size <= length), None)
        if row is None:
            row = [0, []]
            open_rows.append(row)
            if len(open_rows) > OPEN_ROWS:
                fullest = max(open_rows, key=lambda r: r[0])
                open_rows.remove(fullest)
                filled.append(fullest[1])
        row[0] += size
        row[1].append(example)
    rows = filled + [row[1] for row in open_rows]
    for row in rows:
        top_up(row, length, fillers)
    return lay_out(rows, length)


def top_up(row: list[Example], length: int, fillers: list[Example]) -> None:
    """Moves examples from the end of `fillers` into the row while some fit, longest first."""
    free = length - sum(len(example[0]) for example in row)
    while True:
        last = range(max(0, len(fillers) - OPEN_ROWS), len(fillers))
        fitting = [index for index in last if len(fillers[index][0]) <= free]
        if not fitting:
            return
        longest = max(fitting, key=lambda index: len(fillers[index][0]))
        row.append(fillers.pop(longest))
        free -= len(row[-1][0])


def lay_out(rows: list, length: int) -> Rows:
    """Arrays of shape [rows, length]; padding is segment 0 and is never learned."""
    shape = (len(rows), length)
    packed = Rows(np.zeros(shape, np.uint16), np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
    for index, row in enumerate(rows):
        start = 0
        for number, (tokens, answers) in enumerate(row, start=1):
            end = start + len(tokens)
            packed.tokens[index, start:end] = tokens
            packed.segments[index, start:end] = number
            packed.learned[index, start:end] = np.where(answers, 2, 1)
            packed.learned[index, start] = 0
            start = end
    return packed


def batches(buckets: list[Rows], training: Training) -> Iterator[tuple]:
    """All batches of all lengths in one fixed random order: tokens, segments, targets, weights."""
    rng = np.random.default_rng(training.seed)
    plan = []
    for rows in buckets:
        per_batch = max(1, training.batch_tokens // rows.tokens.shape[1])
        order = rng.permutation(len(rows.tokens))
        plan += [(rows, order[i : i + per_batch]) for i in range(0, len(order) - per_batch + 1, per_batch)]
    for index in rng.permutation(len(plan)):
        yield batch_of(*plan[index], training.prompt_weight)


def batch_of(rows: Rows, chosen: np.ndarray, prompt_weight: float) -> tuple:
    """Inputs with next-token targets and the weight of each target in the loss."""
    tokens = rows.tokens[chosen].astype(np.int32)
    learned = np.roll(rows.learned[chosen], -1, axis=1)
    learned[:, -1] = 0
    weights = np.array([0.0, prompt_weight, 1.0], np.float32)[learned]
    return tokens, rows.segments[chosen].astype(np.int32), np.roll(tokens, -1, axis=1), weights
