"""Examples as arrays of tokens, on disk.

A window is a row of at most `WINDOW` tokens. For each token: its id, its case, one bit for each
label it has, and one for each label that is known of it.
"""

import json
import multiprocessing
import os
import pickle
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import corpora
import documents
import vocabulary
from example import Example
from settings import DOCUMENTS, LABELS, SEED, SOURCE_CODE_PIECES, WINDOW, WORK

ALL = (1 << len(LABELS)) - 1
BIT = {label: 1 << bit for bit, label in enumerate(LABELS)}


@dataclass
class Tokens:
    """Windows of tokens, one after the other."""

    ids: np.ndarray
    cases: np.ndarray
    labels: np.ndarray
    known: np.ndarray
    starts: np.ndarray

    def window(self, number: int) -> slice:
        return slice(self.starts[number], self.starts[number + 1])

    def save(self, path: Path):
        np.savez(path, **self.__dict__)

    @classmethod
    def load(cls, path: Path) -> "Tokens":
        with np.load(path) as arrays:
            return cls(**arrays)


def made(language: str, count: int, seed: int, from_held_out: bool) -> list[Example]:
    """Documents of one language."""
    rng = random.Random(seed)
    return [documents.make(language, rng, from_held_out) for _ in range(count)]


def all_made(from_held_out: bool, share: float = 1.0) -> list[Example]:
    """Documents of all languages, made on all processors."""
    jobs = []
    for language, count in DOCUMENTS.items():
        parts = max(1, int(count * share) // 3_000)
        jobs += [
            (language, int(count * share) // parts, SEED + 1000 * part + from_held_out, from_held_out)
            for part in range(parts)
        ]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        return [example for part in pool.starmap(made, jobs) for example in part]


def cached(annotated: Path | None) -> tuple[Tokens, list[Example], Tokenizer, dict[str, list[int]]]:
    """What to learn, what to judge by, the tokenizer, and the base's pieces of its new words. Made
    once."""
    done = WORK / "taught.npz"
    if not done.exists():
        _build(annotated)
    tokenizer = Tokenizer.from_file(str(WORK / "tokenizer.json"))
    kept = pickle.loads((WORK / "kept.pickle").read_bytes())
    pieces = json.loads((WORK / "pieces.json").read_text())
    return Tokens.load(done), kept, tokenizer, pieces


def _build(annotated: Path | None):
    rng = random.Random(SEED)
    taught = all_made(from_held_out=False)
    kept = all_made(from_held_out=True, share=0.015)
    print(f"{len(taught)} documents made", flush=True)
    if annotated:
        others, kept_others = corpora.annotated(annotated)
        taught += corpora.repeated(others, rng)
        kept += kept_others
    taught += corpora.source_code(SOURCE_CODE_PIECES, rng)
    rng.shuffle(taught)
    tokenizer, pieces = vocabulary.extended(
        _outside(example) for example in taught if example.language not in ("en", "code")
    )
    (WORK / "tokenizer.json").write_text(tokenizer.to_str())
    (WORK / "pieces.json").write_text(json.dumps(pieces))
    (WORK / "kept.pickle").write_bytes(pickle.dumps(kept))
    _all_tokens(taught).save(WORK / "taught.npz")


def _outside(example: Example) -> str:
    """The text without what has labels: names are not to become words."""
    at, parts = 0, []
    for begin, end, _ in sorted(example.spans):
        parts.append(example.text[at:begin])
        at = max(at, end)
    return " ".join([*parts, example.text[at:]])


def _all_tokens(examples: list[Example]) -> Tokens:
    step = 4_000
    parts = [examples[at : at + step] for at in range(0, len(examples), step)]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        rows = [row for part in pool.imap(_encode_all, parts) for row in part]
    starts = np.cumsum([0, *(row.shape[1] for row in rows)])
    flat = np.concatenate(rows, axis=1)
    return Tokens(flat[0], flat[1].astype(np.uint8), flat[2], flat[3], starts)


def _encode_all(examples: list[Example]) -> list[np.ndarray]:
    tokenizer = Tokenizer.from_file(str(WORK / "tokenizer.json"))
    return [window for example in examples for window in encode(tokenizer, example)]


def encode(tokenizer: Tokenizer, example: Example) -> list[np.ndarray]:
    """Windows as rows of ids, cases, labels, known labels."""
    encoding = tokenizer.encode(example.text, add_special_tokens=False)
    offsets = encoding.offsets
    scope = sum(BIT[label] for label in example.scope)
    marks = np.zeros(len(example.text) + 1, np.uint16)
    for begin, end, label in example.spans:
        marks[begin:end] |= BIT[label]
    untaught = np.zeros(len(example.text) + 1, bool)
    for begin, end in example.unknown:
        untaught[begin:end] = True
    labels = [int(np.bitwise_or.reduce(marks[b:e])) if e > b else 0 for b, e in offsets]
    known = [0 if untaught[b:e].any() else scope | label for (b, e), label in zip(offsets, labels)]
    cases = [vocabulary.case_of(example.text[b:e]) for b, e in offsets]
    rows = np.array([encoding.ids, cases, labels, known], np.uint16).reshape(4, -1)
    words = encoding.word_ids
    windows, at, room = [], 0, WINDOW - 2
    while at < len(offsets):
        end = min(at + room, len(offsets))
        while end < len(offsets) and end > at + 1 and words[end] == words[end - 1]:
            end -= 1
        windows.append(rows[:, at:end])
        at = end
    return windows
