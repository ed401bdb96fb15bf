"""Runs an exported graph: chat template, prefill, greedy decoding with a growing cache."""

import json
from pathlib import Path

import jinja2
import numpy as np
from nearside_export.session import Session

import tokenizer as bpe


class Runner:
    """One ONNX session with its tokenizer and chat template."""

    def __init__(self, graph: Path, tokenizer_dir: Path, threads: int = 1):
        session = Session(graph, threads)
        self.run, self.empty_cache = session.run, session.empty_cache
        self.tokenizer = bpe.load(tokenizer_dir / "tokenizer.json")
        self.settings = json.loads((tokenizer_dir / "tokenizer_config.json").read_text("utf-8"))
        generation = json.loads((tokenizer_dir / "generation_config.json").read_text("utf-8"))
        self.stop_ids = generation["eos_token_id"]
        environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
        self.template = environment.from_string(self.settings["chat_template"])

    def render(self, messages: list[dict]) -> str:
        """The prompt of a conversation, as `apply_chat_template` renders it."""
        return self.template.render(
            messages=messages, add_generation_prompt=True, bos_token=self.settings["bos_token"]
        )

    def encode(self, text: str) -> list[int]:
        """Token ids of a rendered prompt."""
        return self.tokenizer.encode(text).ids

    def greedy(self, ids: list[int], limit: int, stop: bool = True) -> tuple[list[int], float]:
        """Greedy continuation, and the smallest gap between best and second logit on the way."""
        logits, cache = self.run(ids, self.empty_cache())
        written, margin = [], float("inf")
        for _ in range(limit):
            second, best = np.partition(logits[-1], -2)[-2:]
            margin = min(margin, float(best - second))
            written.append(int(np.argmax(logits[-1])))
            if stop and written[-1] in self.stop_ids:
                break
            logits, cache = self.run(written[-1:], cache)
        return written, margin

    def answer(self, messages: list[dict], limit: int = 96) -> str:
        """The answer to a conversation."""
        written, _ = self.greedy(self.encode(self.render(messages)), limit)
        return self.tokenizer.decode(written)
