#!/usr/bin/env python3
"""What Presidio's pattern recognizers find, and how fast, beside Nearside on the same documents.

    python3 -m venv /tmp/presidio && /tmp/presidio/bin/pip install presidio-analyzer==2.2.366
    cargo build --release
    /tmp/presidio/bin/python redactor/benches/presidio/run.py OUT FILE.jsonl...

Documents are `{"id", "text"}` a line. Writes OUT/presidio/FILE.jsonl, OUT/patterns/FILE.jsonl (Nearside without
its tagger) and OUT/nearside/FILE.jsonl, a line `{"id", "spans": [{"start", "end", "type"}], "seconds"}` each with
offsets in code points, and prints the time of each, one after the other; patterns run on one thread. Presidio
runs every pattern recognizer it ships, whatever its country, with context words but without a language model, at
the score threshold that its own evaluations use.
"""

import inspect
import json
import logging
import pathlib
import subprocess
import sys
import time

import presidio_analyzer.predefined_recognizers as predefined
import spacy
from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

ROOT = pathlib.Path(__file__).resolve().parents[3]
THRESHOLD = 0.35

# Presidio's entity by what it contains, and the kind it stands for here; the first that fits.
KINDS = [
    ("EMAIL", "EMAIL"), ("PHONE", "PHONE"), ("URL", "URL"), ("IP_ADDRESS", "IP"), ("MAC", "MAC"),
    ("CREDIT_CARD", "CREDIT_CARD"), ("IBAN", "IBAN"), ("CRYPTO", "CRYPTO"), ("DATE", "DATE"),
    ("BANK", "BANK_ACCOUNT"), ("ABA", "BANK_ACCOUNT"), ("PASSPORT", "PASSPORT"),
    ("MEDICAL_LICENSE", "LICENSE_CERT"), ("NPI", "LICENSE_CERT"), ("LANR", "LICENSE_CERT"),
    ("DRIV", "DRIVER_LICENSE"), ("FUEHRERSCHEIN", "DRIVER_LICENSE"), ("POSTCODE", "ADDRESS"),
    ("POSTAL", "ADDRESS"), ("PLZ", "ADDRESS"), ("VEHICLE", "VEHICLE_ID"), ("PLATE", "VEHICLE_ID"),
    ("KFZ", "VEHICLE_ID"), ("NHS", "HEALTH_ID"), ("MEDICARE", "HEALTH_ID"), ("HEALTH", "HEALTH_ID"),
    ("MBI", "HEALTH_ID"), ("TFN", "TAX_ID"), ("TAX", "TAX_ID"), ("VAT", "TAX_ID"), ("ABN", "TAX_ID"),
    ("ACN", "TAX_ID"), ("PAN", "TAX_ID"), ("ITIN", "TAX_ID"), ("GSTIN", "TAX_ID"), ("BRN", "TAX_ID"),
    ("UEN", "TAX_ID"), ("TIN", "TAX_ID"), ("UUID", "OTHER_ID"),
]  # fmt: skip


class BlankNlpEngine(SpacyNlpEngine):
    """Tokens and nothing else: no model to download."""

    def __init__(self):
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}


def analyzer():
    registry = RecognizerRegistry(supported_languages=["en"])
    for name, recognizer in inspect.getmembers(predefined, inspect.isclass):
        is_pattern = issubclass(recognizer, PatternRecognizer) and recognizer is not PatternRecognizer
        if is_pattern or recognizer is PhoneRecognizer:
            registry.add_recognizer(recognizer(supported_language="en"))
    return AnalyzerEngine(registry=registry, nlp_engine=BlankNlpEngine(), supported_languages=["en"])


def kind(entity):
    return next((kind for part, kind in KINDS if part in entity), "NATIONAL_ID")


def presidio(engine, path, out):
    seconds = size = 0
    with open(path, encoding="utf-8") as documents, open(out, "w", encoding="utf-8") as predictions:
        for line in documents:
            document = json.loads(line)
            size += len(document["text"].encode())
            start = time.perf_counter()
            found = engine.analyze(document["text"], language="en", score_threshold=THRESHOLD)
            took = time.perf_counter() - start
            seconds += took
            spans = [{"start": f.start, "end": f.end, "type": kind(f.entity_type)} for f in found]
            print(json.dumps({"id": document["id"], "spans": spans, "seconds": took}), file=predictions)
    return seconds, size


def nearside(path, out, *arguments):
    program = ROOT / "target/release/nearside"
    with open(out, "w", encoding="utf-8") as predictions:
        subprocess.run([program, "redact", "--jsonl", *arguments, path], stdout=predictions, check=True)
    with open(out, encoding="utf-8") as predictions:
        return sum(json.loads(line)["seconds"] for line in predictions)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    logging.disable(logging.WARNING)
    out, files = pathlib.Path(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]]
    engine = analyzer()
    for tool in ("presidio", "patterns", "nearside"):
        (out / tool).mkdir(parents=True, exist_ok=True)
    print("| documents | MB | Presidio, ms/kB | Nearside's patterns, ms/kB | with the tagger, ms/kB |")
    print("|---|---|---|---|---|")
    for path in files:
        theirs, size = presidio(engine, path, out / "presidio" / path.name)
        patterns = nearside(path, out / "patterns" / path.name, "--tagger", "off")
        both = nearside(path, out / "nearside" / path.name)
        times = [f"{seconds * 1e6 / size:.2f}" for seconds in (theirs, patterns, both)]
        print(f"| {path.stem} | {size / 1e6:.2f} | {' | '.join(times)} |", flush=True)


if __name__ == "__main__":
    main()
