#!/usr/bin/env python3
"""Trains the cheap complexity scorer: logistic regression over the features of router::complexity.

    python3 -m venv venv && venv/bin/pip install numpy scikit-learn
    venv/bin/python router/training/train.py DEV.jsonl [--score SCORE.py]

DEV.jsonl holds one request per line: {"id", "source", "task", "prompt" | "messages", "tools"?, "small", "large"}, the two
last being the measured quality (0..1) of a small and a large model's answer. The target is their difference where
positive: the probability that the small model fails where the large one succeeds. The questions are used to fit weights
and for nothing else; none of them is copied anywhere.

Features come from the Rust code itself (example `complexity-features`), so that training and serving cannot drift apart.
Hand-made anchors (anchors-{easy,hard}.txt) teach what benchmark questions cannot: that everyday chat is easy and that
proofs, designs and long analyses are not.

Writes router/models/complexity.rs (the weights) and prints the figures for router/models/complexity.md. With --score
they are those of that script, from predictions made without the source they are tested on.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAINING = ROOT / "router" / "training"
MODEL = ROOT / "router" / "models" / "complexity.rs"
# Share of the total weight that the anchors get, half of it each for easy and hard ones.
ANCHOR_SHARE = 0.3
# Inverse of the L2 penalty.
C = 0.2
# Share-alike questions (ARC-C) leave no trace in the weights.
LEFT_OUT_TASKS = {"arc_challenge"}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dev")
    arguments.add_argument("--score", help="script that scores predictions")
    options = arguments.parse_args()

    requests = [json.loads(line) for line in open(options.dev)]
    requests = [r for r in requests if r["task"] not in LEFT_OUT_TASKS]
    easy, hard = (TRAINING.joinpath(f"anchors-{kind}.txt").read_text().splitlines() for kind in ("easy", "hard"))
    prompts = [{k: r[k] for k in ("prompt", "messages", "tools") if k in r} for r in requests]
    names, values = features(prompts + [{"prompt": p} for p in easy + hard])
    data, anchors = np.split(values, [len(requests)])
    target = np.array([max(0.0, r["large"] - r["small"]) for r in requests])
    family = np.array([family_of(r["source"]) for r in requests])

    def predict_without(group):
        """Predictions for every request by a model that saw nothing of its group."""
        predictions = np.zeros(len(requests))
        for left_out in sorted(set(group)):
            known = group != left_out
            model = fit(data[known], target[known], family[known], anchors, len(easy))
            predictions[~known] = model.predict(data[~known])
        return predictions

    folds = np.random.default_rng(0).integers(5, size=len(requests))
    report("known sources, other questions (5 folds)", requests, target, predict_without(folds), options)
    report("unknown sources (each left out in turn)", requests, target, predict_without(family), options)

    model = fit(data, target, family, anchors, len(easy))
    write(names, model)
    scores = model.predict(anchors)
    print(f"anchors: easy below 0.35: {np.mean(scores[: len(easy)] < 0.35):.2f}, "
          f"hard above 0.6: {np.mean(scores[len(easy):] > 0.6):.2f}")
    for row in np.argsort(-scores[: len(easy)])[:8]:
        print(f"  easy {scores[row]:.2f} {easy[row][:90]}")
    for row in np.argsort(scores[len(easy):])[:8]:
        print(f"  hard {scores[len(easy) + row]:.2f} {hard[row][:90]}")


class Model:
    """Logistic regression over clipped features."""

    def __init__(self, low, high, weights, bias):
        self.low, self.high, self.weights, self.bias = low, high, weights, bias

    def predict(self, values):
        logit = np.clip(values, self.low, self.high) @ self.weights + self.bias
        return 1 / (1 + np.exp(-logit))


def fit(data, target, family, anchors, easy_count):
    """Every source weighs the same, whatever its size; soft targets count as a share of each class."""
    values = np.vstack([data, anchors])
    sources = {name: np.sum(family == name) for name in set(family)}
    weight = np.array([1 / sources[name] for name in family])
    weight *= (1 - ANCHOR_SHARE) * len(values) / weight.sum()
    is_hard = np.arange(len(anchors)) >= easy_count
    share = ANCHOR_SHARE * len(values) / 2
    anchor_weight = np.where(is_hard, share / is_hard.sum(), share / easy_count)
    targets = np.concatenate([target, is_hard])
    weight = np.concatenate([weight, anchor_weight])

    low, high = np.percentile(values, 0.5, axis=0), np.percentile(values, 99.5, axis=0)
    high = np.maximum(high, anchors.max(axis=0))
    clipped = np.clip(values, low, high)
    mean, deviation = clipped.mean(axis=0), clipped.std(axis=0)
    # Features that are the same everywhere (turns) must not get a weight out of rounding errors.
    deviation[deviation < 1e-9] = np.inf
    scaled = (clipped - mean) / deviation
    regression = LogisticRegression(C=C, max_iter=2000)
    regression.fit(
        np.vstack([scaled, scaled]),
        np.repeat([1, 0], len(scaled)),
        sample_weight=np.concatenate([weight * targets, weight * (1 - targets)]),
    )
    weights = regression.coef_[0] / deviation
    return Model(low, high, weights, regression.intercept_[0] - mean @ weights)


def features(requests):
    """Names and values, from the Rust code."""
    command = ["cargo", "run", "--quiet", "-p", "router", "--example", "complexity-features"]
    lines = "\n".join(map(json.dumps, requests))
    output = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    names, *rows = map(json.loads, output.splitlines())
    return names, np.array(rows)


def family_of(source):
    """Sources that share questions are left out together."""
    return "gsm8k" if "gsm8k" in source else "mmlu" if "mmlu" in source else source


def report(title, requests, target, predictions, options):
    bins = np.clip((predictions * 10).astype(int), 0, 9)
    gaps = [abs(target[bins == b].mean() - predictions[bins == b].mean()) * np.mean(bins == b) for b in set(bins)]
    print(f"== {title}: calibration error {sum(gaps):.3f} (mean target {target.mean():.3f}, "
          f"mean prediction {predictions.mean():.3f})")
    if options.score is None:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
        for request, prediction in zip(requests, predictions):
            file.write(json.dumps({"id": request["id"], "score": float(prediction)}) + "\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, options.score, file.name, "--labels", options.dev], check=True)
    os.unlink(file.name)


def write(names, model):
    lines = [
        "//! Weights of the cheap complexity scorer. Generated by `router/training/train.py`; do not edit.",
        "",
        "/// Logit of a prompt whose features are all 0.",
        f"pub(super) const BIAS: f64 = {model.bias:.4f};",
        "",
        "/// Per feature: name, the bounds it is clipped to, and its weight.",
        "#[rustfmt::skip]",
        f"pub(super) const WEIGHTS: [(&str, f64, f64, f64); {len(names)}] = [",
    ]
    for name, low, high, weight in zip(names, model.low, model.high, model.weights):
        lines.append(f'    ("{name}", {low:.3f}, {high:.3f}, {weight:.4f}),')
    MODEL.write_text("\n".join(lines + ["];", ""]))


if __name__ == "__main__":
    main()
