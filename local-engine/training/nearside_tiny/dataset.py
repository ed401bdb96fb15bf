"""Generates the training conversations, learns the tokenizer, packs everything into rows."""

from collections.abc import Iterator
from itertools import islice

from tokenizers import Tokenizer

import tokenizer as bpe
from chat import Turn
from grammar import Writer
from packing import Rows, pack
from settings import TRAINING
from tasks.catalogue import conversation

ENCODED_AT_ONCE = 10_000


def conversations() -> Iterator[list[Turn]]:
    """The training conversations, the same ones every time."""
    writer = Writer(TRAINING.seed)
    for _ in range(TRAINING.conversations):
        yield conversation(writer)


def learn_tokenizer() -> Tokenizer:
    """A tokenizer learned from the first conversations."""
    sample = islice(conversations(), TRAINING.tokenizer_sample)
    return bpe.train(turn.text for turns in sample for turn in turns)


def packed_rows(tokenizer: Tokenizer) -> list[Rows]:
    """All conversations, each in the shortest row length it fits."""
    buckets: dict[int, list] = {length: [] for length in TRAINING.row_lengths}
    source = conversations()
    while part := list(islice(source, ENCODED_AT_ONCE)):
        for example in bpe.encode_conversations(tokenizer, part):
            fitting = [length for length in TRAINING.row_lengths if len(example[0]) <= length]
            if fitting:
                buckets[fitting[0]].append(example)
    shortest = buckets[TRAINING.row_lengths[0]]
    longer = [pack(buckets[length], length, shortest) for length in TRAINING.row_lengths[1:]]
    return [pack(shortest, TRAINING.row_lengths[0], []), *longer]
