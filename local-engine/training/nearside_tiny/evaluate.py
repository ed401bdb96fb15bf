"""Measures the shipped graph: exact answers per kind.

Three sets. *Known*: the templates of training with fresh random values. *Held out*: only the
held-out half of every template list, with names and places that training never saw. The
hand-written one (`handwritten.txt`) was written one by one, apart from the templates.
"""

import datetime
import time
from dataclasses import dataclass, field

import card
from chat import Turn
from grammar import Writer, sections
from runtime import Runner
from settings import HERE, MODEL_DIR
from tasks.catalogue import SHARES, surrounded

SEED = 71
PER_KIND = 100
HANDWRITTEN = HERE / "handwritten.txt"


@dataclass
class Score:
    """Right answers of one kind, and the wrong ones as (request, expected, answer)."""

    right: int = 0
    asked: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def count(self, request: str, expected: str, answer: str) -> None:
        """Adds one answer."""
        self.asked += 1
        if answer == expected:
            self.right += 1
        else:
            self.wrong.append((request, expected, answer))


@dataclass
class Figures:
    """All scores, and the speed of generation."""

    known: dict[str, Score]
    held_out: dict[str, Score]
    handwritten: dict[str, Score]
    tokens_per_second: float
    date: datetime.date


def messages(turns: list[Turn]) -> list[dict]:
    """Turns as chat messages."""
    return [{"role": turn.role, "content": turn.text} for turn in turns]


def generated_scores(runner: Runner, held_out: bool) -> dict[str, Score]:
    """Known or held-out templates, inside conversations like those of training."""
    writer = Writer(SEED, held_out)
    scores = {}
    for kind, (_, task) in SHARES.items():
        score = scores[kind] = Score()
        for _ in range(PER_KIND):
            turns = surrounded(writer, task(writer))
            answer = runner.answer(messages(turns[:-1]))
            score.count(turns[-2].text, turns[-1].text, answer)
        print(f"  {kind}: {score.right} of {score.asked}", flush=True)
    return scores


def handwritten_scores(runner: Runner) -> dict[str, Score]:
    """The requests of `handwritten.txt`."""
    (refusal,) = sections()["answer.refusal"]
    scores: dict[str, Score] = {}
    for line in HANDWRITTEN.read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        kind, request, expected = (part.strip() for part in line.split(" | "))
        answer = runner.answer([{"role": "user", "content": request}])
        scores.setdefault(kind, Score()).count(request, expected.replace("@refusal", refusal), answer)
    return scores


def generation_speed(runner: Runner) -> float:
    """Tokens per second of one greedy run, one thread."""
    ids = runner.encode(runner.render([{"role": "user", "content": "Hello there, who are you?"}]))
    start = time.perf_counter()
    written, _ = runner.greedy(ids, 200, stop=False)
    return len(written) / (time.perf_counter() - start)


def measure() -> Figures:
    """Everything the card reports."""
    runner = Runner(MODEL_DIR / "model.onnx", MODEL_DIR)
    print("evaluating on known templates")
    known = generated_scores(runner, held_out=False)
    print("evaluating on held-out templates")
    held_out = generated_scores(runner, held_out=True)
    handwritten = handwritten_scores(runner)
    figures = Figures(known, held_out, handwritten, generation_speed(runner), datetime.date.today())
    right = sum(score.right for score in figures.handwritten.values())
    print(f"  hand-written: {right} of {sum(score.asked for score in figures.handwritten.values())}")
    return figures


def write_card(figures: Figures, parameters: int, steps: int) -> None:
    """CARD.md of the model folder."""
    (MODEL_DIR / "CARD.md").write_text(card.render(figures, parameters, steps), "utf-8")
