"""The byte-level BPE tokenizer, and the conversion of conversations to tokens.

Three choices make copying easy. Digits stand alone. Runs of capitals are cut into letters.
A space joins only an ordinary lower-case word; before names, addresses and numbers it is a
token of its own, so that these are cut the same way wherever they stand.
"""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

import chat
from settings import SHAPE

WORDS = r" [a-z]+(?=[ ,;:!?\n)\"']|\.(?:\s|$)|$)|[A-Z]?[a-z]+|[A-Z]|[0-9]|[^\S ]+|[^A-Za-z0-9\s]| "


def train(texts: Iterable[str]) -> Tokenizer:
    """Learns the merges from a sample of the training text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(text, special=True, normalized=False) for text in chat.SPECIAL_TOKENS]
    trainer = trainers.BpeTrainer(
        vocab_size=SHAPE.vocab_size,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load(path: Path) -> Tokenizer:
    """Reads a tokenizer.json."""
    return Tokenizer.from_file(str(path))


def encode_conversations(tokenizer: Tokenizer, conversations: list[list[chat.Turn]]) -> list[tuple]:
    """Tokens of each conversation, and for each token whether it belongs to an answer."""
    rendered = [chat.pieces(turns) for turns in conversations]
    encodings = iter(tokenizer.encode_batch([text for pieces in rendered for text, _ in pieces]))
    examples = []
    for pieces in rendered:
        tokens, answers = [], []
        for _, is_answer in pieces:
            ids = next(encodings).ids
            tokens += ids
            answers += [is_answer] * len(ids)
        examples.append((tokens, answers))
    return examples
