"""Writes sampling.json: the probabilities that each sampling parameter leaves, by its definition.

    python3 sampling.py > sampling.json

The definitions are those of transformers' logits processors (temperature, top-k, top-p, min-p and
repetition penalty, in its order) and of OpenAI's API reference (presence and frequency penalty,
over the answer alone), written plainly, with everything sorted and in double precision.
"""

import json
import math
import random

NEVER = -math.inf
VOCABULARY = 40
PROMPT = [3, 7, 7, 11]
SAID = [5, 7, 5, 5]
CASES = [
    {"temperature": 0.7},
    {"temperature": 1.8},
    {"top_k": 5},
    {"top_p": 0.1},
    {"top_p": 0.9},
    {"min_p": 0.2},
    {"repetition_penalty": 1.4},
    {"repetition_penalty": 0.8},
    {"presence_penalty": 0.9, "frequency_penalty": 0.4},
    {"presence_penalty": -1.5, "frequency_penalty": -0.7},
    {"temperature": 0.6, "top_k": 12, "top_p": 0.8},
    {"temperature": 1.3, "top_p": 0.95, "min_p": 0.05},
    {
        "temperature": 0.9,
        "top_k": 20,
        "top_p": 0.9,
        "min_p": 0.1,
        "repetition_penalty": 1.2,
        "presence_penalty": 0.3,
        "frequency_penalty": 0.2,
    },
]


def softmax(scores):
    best = max(scores)
    weights = [math.exp(score - best) for score in scores]
    return [weight / sum(weights) for weight in weights]


def penalized(logits, case):
    scores = list(logits)
    for token in set(PROMPT + SAID):
        penalty = case.get("repetition_penalty", 1.0)
        scores[token] *= penalty if scores[token] < 0 else 1 / penalty
    for token in set(SAID):
        scores[token] -= SAID.count(token) * case.get("frequency_penalty", 0.0)
        scores[token] -= case.get("presence_penalty", 0.0)
    return scores


def keep_top_k(scores, k):
    kth = sorted(scores, reverse=True)[k - 1]
    return [score if score >= kth else NEVER for score in scores]


def keep_top_p(scores, p):
    """From the least likely token on, leaves out all that have at most 1 - p together."""
    chances = softmax(scores)
    left_out, sum_left_out = set(), 0.0
    for token in sorted(range(len(scores)), key=lambda token: scores[token]):
        sum_left_out += chances[token]
        if sum_left_out > 1 - p:
            break
        left_out.add(token)
    return [NEVER if token in left_out else score for token, score in enumerate(scores)]


def keep_min_p(scores, p):
    chances = softmax(scores)
    floor = p * max(chances)
    return [score if chance >= floor else NEVER for score, chance in zip(scores, chances)]


def probabilities(logits, case):
    scores = penalized(logits, case)
    scores = [score / case.get("temperature", 1.0) for score in scores]
    for name, keep in [("top_k", keep_top_k), ("top_p", keep_top_p), ("min_p", keep_min_p)]:
        if name in case:
            scores = keep(scores, case[name])
    return [round(chance, 8) for chance in softmax(scores)]


def main():
    dice = random.Random(1)
    logits = [round(dice.gauss(0, 2), 3) for _ in range(VOCABULARY)]
    cases = [{**case, "probabilities": probabilities(logits, case)} for case in CASES]
    print(json.dumps({"logits": logits, "prompt": PROMPT, "said": SAID, "cases": cases}))


main()
