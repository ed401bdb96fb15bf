"""Trains the complexity scorer: sums of decision trees over the features of router::complexity.

    python3 -m venv venv && venv/bin/pip install -r router/training/requirements.txt
    venv/bin/python router/training/train.py DEV.jsonl [--score SCORE.py [--seeds N] [--about words|encoder]] [--write]

DEV.jsonl holds one request per line: {"id", "source", "task", "prompt" | "messages", "tools"?, "small", "large",
"small_model", "large_model", "scores"}: the measured quality (0..1) of a small and a large model's answer, and of further
models'. The questions are used to fit trees and for nothing else; none of them is copied anywhere.

Three forests learn from them: how good local answers are, how good far ones are, and what is gained by going far.
What they fit is not only one model's luck but the mean over all models of a side that answered the question, in any
source.

Hand-made anchors (anchors-*.txt) teach what benchmark questions cannot: that everyday chat is easy and that
proofs, designs and long analyses are not. They have two forests of their own, which tell how much a request looks like
them, and so cost the others nothing: where a request is like anchors, it is judged as they are, elsewhere by the forests.

Features come from the Rust code itself (example `complexity-features`), so that training and serving cannot drift apart.

With --score it prints figures for router/models/complexity.md by that script, from predictions made without the group
they are tested on, and without any question that stands in it; --about adds what a sentence encoder says of the texts
(encoder.py), to see what it would be worth. With --write it writes router/models/complexity.rs, and
router/testdata/complexity-scores.json for the test that the Rust code computes the same. Half a minute for each.
"""

import argparse
import importlib.util
import json
import pathlib
import re
import subprocess

import lightgbm
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAINING = ROOT / "router" / "training"
TABLE = ROOT / "router" / "models" / "complexity.rs"
TESTDATA = ROOT / "router" / "testdata"
CACHE = ROOT / "target" / "complexity"
# Share-alike questions (ARC-C) leave no trace in the table.
LEFT_OUT_TASKS = {"arc_challenge"}
# What the anchors stand for: how good the local answer is, the far one, and (1 + gain) / 2.
EVERYDAY, DEMANDING = (0.96, 0.99, 0.515), (0.10, 0.90, 0.90)
# Weight of each kind of anchors in telling them from other requests, as a share of the weight of these.
ANCHOR_SHARE = 0.3
# Share of the weight in the calibration: anchors stand for traffic that no benchmark has.
ANCHOR_TRAFFIC = 0.3
# Weight of a request's own pair of models beside the mean over all models, where sides are told apart.
OWN_WEIGHT = 0.1
# Weight of the own pair in what is gained, and of answers that only the local model has right.
OWN_SHARE, LOSS = 0.4, 0.75
# A source with sixteen times as many requests as another weighs eight times as much, and each of them half.
EVENNESS = 0.25
# More rounds fit known sources better and unknown ones worse.
ROUNDS, ANCHOR_ROUNDS = 100, 60
# Forests whose mean is taken: they differ by chance, and their mean by less.
FORESTS = 3
TREES = {
    "objective": "cross_entropy",
    "num_leaves": 6,
    "learning_rate": 0.06,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 50.0,
    "max_bin": 63,
    "num_threads": 1,
    "verbosity": -1,
}
ANCHOR_TREES = TREES | {"feature_fraction": 0.4, "min_data_in_leaf": 15, "lambda_l2": 5.0, "learning_rate": 0.1}
SIZES = ("small", "medium", "large")
# No model under a billion parameters is in the data. This is how much lower its logit is than a medium one's: that of
# published scores of 0.5B and 3B models of one family on GSM8K and MMLU.
SMALL_BELOW_MEDIUM = 1.1
# How often far models succeed, for the calibration of small local ones.
FAR_SUCCEEDS = 0.95


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dev")
    arguments.add_argument("--score", help="script that scores predictions")
    arguments.add_argument("--about", choices=("words", "encoder"), help="score with what texts are about, too")
    arguments.add_argument("--seeds", type=int, default=1, help="how often, to see what is chance")
    arguments.add_argument("--write", action="store_true", help="write the table")
    options = arguments.parse_args()

    with open(options.dev) as lines:
        requests = [json.loads(line) for line in lines]
    requests = [r for r in requests if r["task"] not in LEFT_OUT_TASKS]
    easy, hard = (TRAINING.joinpath(f"anchors-{kind}.txt").read_text().splitlines() for kind in ("easy", "hard"))
    prompts = [{k: r[k] for k in ("prompt", "messages", "tools") if k in r} for r in requests]
    easy, hard = with_attachments(easy), with_attachments(hard)
    names, values = features(prompts + easy + hard)
    data = Data(names, requests, *np.split(values, [len(requests), len(requests) + len(easy)]))

    if options.score:
        scorer = load(options.score)
        about = about_of(options.about, requests)
        for seed in range(options.seeds):
            for title, groups in data.groupings(seed).items():
                scores = data.predict_without(groups, seed, about)
                report(f"{title}, seed {seed}", data, scores, scorer)
    model = Model(data, np.ones(len(requests), bool))
    report_anchors(model, data, easy, hard)
    if options.write:
        write(names, data, model)


def about_of(kind, requests):
    """What the texts are about, to be learned from some of them; nothing for no kind."""
    if kind is None:
        return lambda known: np.empty((len(requests), 0))
    from encoder import Encoder, about_encoder, about_words

    return {"encoder": about_encoder, "words": about_words}[kind](Encoder(CACHE), [text_of(r) for r in requests])


class Data:
    """Requests with their features and labels, and the anchors."""

    def __init__(self, names, requests, values, easy, hard):
        self.names, self.requests, self.values, self.easy, self.hard = names, requests, values, easy, hard
        self.source = np.array([r["source"] for r in requests])
        _, self.question = np.unique(question_keys(requests), return_inverse=True)
        self.local, self.far = self.qualities()
        self.gain = self.gains()
        counts = {source: np.sum(self.source == source) for source in set(self.source)}
        weight = np.array([counts[source] ** -EVENNESS for source in self.source])
        self.weight = weight * len(weight) / weight.sum()
        self.shift = {size: self.shift_of(size) for size in ("medium", "large")}
        self.shift["small"] = self.shift["medium"] - SMALL_BELOW_MEDIUM

    def qualities(self):
        """How good local and far answers are: by how much all models of a side, in all sources, are better at this
        question than they are otherwise, on top of how good models of that side are in this source."""
        usual, found = {}, {}
        for request in self.requests:
            for model, score in request["scores"].items():
                usual.setdefault((request["source"], model), []).append(score)
        usual = {key: np.mean(scores) for key, scores in usual.items()}
        for request, question in zip(self.requests, self.question):
            for model, score in request["scores"].items():
                key = (question, side_of(model, request))
                found.setdefault(key, {})[request["source"], model] = score - usual[request["source"], model]
        labels = {"local": [], "far": []}
        for side, own in (("local", "small"), ("far", "large")):
            of_source = {}
            for request in self.requests:
                scores = [score for model, score in request["scores"].items() if side_of(model, request) == side]
                of_source.setdefault(request["source"], []).append(np.mean(scores))
            for request, question in zip(self.requests, self.question):
                better = np.mean(list(found[question, side].values()))
                mean = np.mean(of_source[request["source"]]) + better
                labels[side].append((mean + OWN_WEIGHT * request[own]) / (1 + OWN_WEIGHT))
        return (np.clip(labels[side], 0, 1) for side in ("local", "far"))

    def gains(self):
        """What is gained by going far, from -LOSS to 1: for the own pair of models, and for all."""
        small, large = (np.array([request[side] for request in self.requests]) for side in ("small", "large"))
        own = np.maximum(large - small, 0) - LOSS * np.maximum(small - large, 0)
        shared = (1 - self.local) * self.far - LOSS * self.local * (1 - self.far)
        return OWN_SHARE * own + (1 - OWN_SHARE) * shared

    def groupings(self, seed=0):
        """Ways to leave groups of requests out."""
        random = np.random.default_rng(seed)
        subject = ["gsm8k" if "gsm8k" in r["task"] else f"{r['source']}/{r['task']}" for r in self.requests]
        _, subject = np.unique(subject, return_inverse=True)
        return {
            "known sources, other questions (5 folds)": random.integers(5, size=self.question.max() + 1)[self.question],
            "unknown subjects (6 groups)": random.permutation(subject.max() + 1)[subject] % 6,
            "unknown sources (each left out in turn)": np.array([family_of(source) for source in self.source]),
        }

    def predict_without(self, groups, seed=0, about=lambda known: np.empty((len(known), 0))):
        """What models that saw nothing of a request's group, nor its question, say is gained."""
        answers = np.zeros(len(self.requests))
        for left_out in np.unique(groups):
            asked = groups == left_out
            known = ~asked & ~np.isin(self.question, self.question[asked])
            extra = about(known)
            model = Model(self, known, ("gain",), seed, extra[known])
            answers[asked] = model.predict("gain", self.values[asked], extra[asked])
        return answers

    def shift_of(self, size):
        """How much higher the logit of the quality of models of this size is than that of all local ones."""
        shifts = []
        for source in np.unique(self.source):
            scores = {}
            for request in self.requests:
                if request["source"] == source:
                    for model, score in request["scores"].items():
                        if size_of(model) in ("medium", "large"):
                            scores.setdefault(model, []).append(score)
            means = {model: logit(np.mean(of_model)) for model, of_model in scores.items()}
            mine = [mean for model, mean in means.items() if size_of(model) == size]
            if mine and len(mine) < len(means):
                shifts.append(np.mean(mine) - np.mean(list(means.values())))
        return float(np.mean(shifts))


class Model:
    """Forests, and how they are put together: as router::complexity::Scorer does."""

    SIDES = ("local", "far", "gain")

    def __init__(self, data, known, sides=SIDES, seed=0, extra=None):
        self.names = data.names
        labels = {"local": data.local, "far": data.far, "gain": (1 + data.gain) / 2}
        form, weight = data.values[known], data.weight[known]
        values = form if extra is None else np.hstack([form, extra])
        seeds = range(seed * FORESTS, seed * FORESTS + FORESTS)
        self.forests = {side: Forest(TREES, ROUNDS, values, labels[side][known], weight, seeds) for side in sides}
        for name, like in (("everyday", data.easy), ("demanding", data.hard)):
            unlike = data.hard if like is data.easy else data.easy
            share = ANCHOR_SHARE * weight.sum()
            self.forests[name] = Forest(
                ANCHOR_TREES,
                ANCHOR_ROUNDS,
                np.vstack([form, like, unlike]),
                np.repeat([0, 1, 0], (len(form), len(like), len(unlike))),
                np.concatenate([weight, *(np.full(len(part), share / len(part)) for part in (like, unlike))]),
            )

    def predict(self, side, form, extra=None):
        values = form if extra is None else np.hstack([form, extra])
        learned = logistic(self.forests[side].logit(values))
        everyday, demanding = (logistic(self.forests[name].logit(form)) for name in ("everyday", "demanding"))
        # Doubtful likeness is none: where the forests know better, they are left alone.
        everyday, demanding = np.maximum(2 * everyday - 1, 0), np.maximum(2 * demanding - 1, 0)
        # As router::complexity::Features::is_exam and has_tools say.
        tools, options = (form[:, self.names.index(name)] for name in ("tools", "options"))
        is_exam = options > np.log1p(1.5)
        everyday, demanding = everyday * ~is_exam * (tools == 0), demanding * ~is_exam
        claimed = np.maximum(everyday + demanding, 1)
        everyday, demanding = everyday / claimed, demanding / claimed
        at = self.SIDES.index(side)
        return everyday * EVERYDAY[at] + demanding * DEMANDING[at] + (1 - everyday - demanding) * learned


class Forest:
    """Trees whose sum is a logit: the mean of forests that differ by their seeds."""

    def __init__(self, settings, rounds, values, target, weight, seeds=(0,)):
        self.base = logit(np.average(target, weights=weight))
        start = np.full(len(target), self.base)
        self.boosters = []
        for seed in seeds:
            train = lightgbm.Dataset(values, target, weight=weight, init_score=start)
            self.boosters.append(lightgbm.train(settings | {"seed": seed}, train, rounds))

    def logit(self, values):
        return self.base + np.mean([booster.predict(values, raw_score=True) for booster in self.boosters], 0)

    def table(self):
        """Roots, nodes (feature, bound, low, high) and leaves; an end is the leaf's number, inverted."""
        roots, nodes, leaves = [], [], []

        def add(part):
            if "leaf_value" in part:
                leaves.append(part["leaf_value"] / len(self.boosters))
                return ~(len(leaves) - 1)
            at = len(nodes)
            nodes.append(None)
            low, high = add(part["left_child"]), add(part["right_child"])
            nodes[at] = (part["split_feature"], part["threshold"], low, high)
            return at

        for booster in self.boosters:
            for tree in booster.dump_model()["tree_info"]:
                root = add(tree["tree_structure"])
                assert root >= 0, "a tree without a question"
                roots.append(root)
        return roots, nodes, leaves


def with_attachments(anchors):
    """Anchors as requests: bare, and with the things that people paste below what they ask, every other one of these with
    tools."""
    attached = [
        line.replace("\\n", "\n") for line in TRAINING.joinpath("anchors-attached.txt").read_text().splitlines()
    ]
    bare = [{"prompt": anchor} for anchor in anchors]
    with_data = [
        {"prompt": f"{anchor}\n{attached[i % len(attached)]}", "tools": [{}] * (i % 2)}
        for i, anchor in enumerate(anchors)
    ]
    return bare + with_data


def features(requests):
    """Names and values, from the Rust code."""
    command = ["cargo", "run", "--quiet", "-p", "router", "--example", "complexity-features"]
    lines = "\n".join(map(json.dumps, requests))
    output = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    names, *rows = map(json.loads, output.splitlines())
    return names, np.array(rows, np.float32).astype(float)


def size_of(model):
    """The size class of a model's name, or `far`. None for models that stand for neither side: in between, or made for
    one kind of task only."""
    if re.search(r"chatqa|xLAM|Hermes|codegemma|8x7b|4o-mini|haiku|3\.5-turbo", model, re.IGNORECASE):
        return None
    if re.search(r"gpt-4|claude|gemini|70b|nemotron", model, re.IGNORECASE):
        return "far"
    return "medium" if re.search(r"-2b|phi-3|-3b", model, re.IGNORECASE) else "large"


def side_of(model, request):
    """Which side of a request's pair a model stands for."""
    if model == request["small_model"]:
        return "local"
    if model == request["large_model"]:
        return "far"
    size = size_of(model)
    return "local" if size in ("medium", "large") else size


def family_of(source):
    """Sources that share questions are left out together."""
    return "gsm8k" if "gsm8k" in source else "mmlu" if "mmlu" in source else source


def question_keys(requests):
    """One key for requests that ask the same: by how they begin, as options follow in more than one form; by all of it where
    many begin alike."""
    texts = [re.sub(r"\W+", "", text_of(request).lower()) for request in requests]
    alike = {}
    for text in texts:
        alike.setdefault(text[:80], set()).add(text)
    return [text[:80] if len(alike[text[:80]]) <= 3 else text for text in texts]


def text_of(request):
    return request["prompt"] if "prompt" in request else request["messages"][-1]["content"]


def logit(p):
    p = np.clip(p, 0.01, 0.99)
    return np.log(p / (1 - p))


def logistic(x):
    return 1 / (1 + np.exp(-x))


def load(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(title, data, scores, scorer):
    small, large = (np.array([r[side] for r in data.requests]) for side in ("small", "large"))
    graded = np.array([bool(r.get("graded")) for r in data.requests])
    gain = np.clip(large - small, 0, None)
    rows = {}
    for source in dict.fromkeys(data.source):
        of = data.source == source
        rows[source] = scorer.metrics(scores[of], small[of], large[of], graded[of])
    print(f"== {title} (mean target {gain.mean():.3f}, mean raw score {scores.mean():.3f})")
    keys = ("AUC", "APGR", "CPT50", "CPT80", "loc95", "lr95")
    for source, row in rows.items():
        print(f"  {source:14}", *(f"{key} {row[key]:.3f}" for key in keys))
    print(f"  {'mean':14}", *(f"{key} {np.mean([row[key] for row in rows.values()]):.3f}" for key in keys), flush=True)
    kept = {source: kept_quality(data, scores, data.source == source) for source in rows}
    print(
        "  quality kept by thresholds for 95 %", *(f"{source} {100 * kept[source]:.1f}" for source in rows), flush=True
    )


def kept_quality(data, scores, of):
    """The share of the large model's quality that a threshold keeps which was set for 95 % on half of the questions, on
    the other half; the mean over both halves."""
    small, large = (np.array([r[side] for r in data.requests])[of] for side in ("small", "large"))
    scores, half, kept = scores[of], data.question[of] % 2 == 0, []
    for fitted, tested in ((half, ~half), (~half, half)):
        bounds = np.unique(scores[fitted])
        quality = [np.where(scores[fitted] >= b, large[fitted], small[fitted]).mean() for b in bounds]
        enough = bounds[np.array(quality) >= 0.95 * large[fitted].mean()]
        bound = enough.max() if len(enough) else -np.inf
        kept.append(np.where(scores[tested] >= bound, large[tested], small[tested]).mean() / large[tested].mean())
    return np.mean(kept)


def calibrations(data, model, raw):
    """Points of a rising curve for each size, from requests whose local models are of that size, and the anchors."""
    curves = {}
    for size in ("medium", "large"):
        seen = []
        for request, score, source in zip(data.requests, raw, data.source):
            of_size = [v for m, v in request["scores"].items() if size_of(m) == size]
            if of_size:
                seen.append((score, np.mean([max(0.0, request["large"] - v) for v in of_size]), source))
        counts = {source: sum(s == source for *_, s in seen) for source in {s for *_, s in seen}}
        weighted = [(score, wanted, 1 / counts[source]) for score, wanted, source in seen]
        share = ANCHOR_TRAFFIC * len(counts) / 2
        for anchors, (*_, gain) in ((data.easy, EVERYDAY), (data.hard, DEMANDING)):
            scores = model.predict("gain", anchors)
            weighted += [(score, 2 * gain - 1, share / len(scores)) for score in scores]
        curves[size] = isotonic(sorted(weighted))
    # A small model fails more often by as much, where the far one succeeds.
    lower = lambda p: FAR_SUCCEEDS * logistic(logit(p / FAR_SUCCEEDS) + SMALL_BELOW_MEDIUM)
    curves["small"] = [(score, lower(p) if 0 < p < 1 else p) for score, p in curves["medium"]]
    return [curves[size] for size in SIZES]


def isotonic(seen, groups=20):
    """Pools neighbours until the curve rises, as router::complexity::Calibration::fit does."""
    total, blocks, group = sum(w for *_, w in seen), [], np.zeros(3)
    grouped = []
    for score, wanted, weight in seen:
        group = group + weight * np.array([1.0, score, wanted])
        if group[0] >= total / groups:
            grouped.append(group)
            group = np.zeros(3)
    if group[0] > 0:
        grouped.append(group)
    for block in grouped:
        while blocks and blocks[-1][2] / blocks[-1][0] >= block[2] / block[0]:
            block = block + blocks.pop()
        blocks.append(block)
    inside = [(b[1] / b[0], b[2] / b[0]) for b in blocks]
    return [(0.0, 0.0)] + [(s, p) for s, p in inside if 0 < s < 1] + [(1.0, 1.0)]


def report_anchors(model, data, easy, hard):
    for kind, prompts, values in (("easy", easy, data.easy), ("hard", hard, data.hard)):
        scores = model.predict("gain", values)
        print(f"anchors, {kind}: raw score {scores.min():.2f} to {scores.max():.2f}, mean {scores.mean():.2f}")
        for row in np.argsort(-scores if kind == "easy" else scores)[:5]:
            print(f"  {scores[row]:.2f} {prompts[row]['prompt'][:90]}")


def write(names, data, model):
    groups = data.groupings()["known sources, other questions (5 folds)"]
    curves = calibrations(data, model, data.predict_without(groups))
    write_scores(model)
    anchor = lambda name, what, of: [
        "",
        f"/// {what}",
        f"pub(super) const {name}: Anchor = Anchor {{",
        *(f"    {side}: {value}," for side, value in zip(Model.SIDES, of)),
        "};",
    ]
    lines = [
        "//! The forests of the complexity scorer. Generated by `router/training/train.py`; do not edit.",
        "",
        "use super::{",
        "    forest::{Forest, Node, node},",
        "    scorer::Anchor,",
        "};",
        *anchor("EVERYDAY", "What everyday chat is judged as.", EVERYDAY),
        *anchor("DEMANDING", "What demanding requests are judged as.", DEMANDING),
        "",
        "/// What is added to the log-odds of a good local answer, by the size of the model.",
        f"pub(super) const SHIFT: [f64; 3] = [{', '.join(f'{data.shift[size]:.3f}' for size in SIZES)}];",
        "",
        "/// From raw score to probability, by the size of the model.",
        "#[rustfmt::skip]",
        "pub(super) const CALIBRATION: [&[(f64, f64)]; 3] = [",
        *(f"    &[{', '.join(f'({s:.4f}, {p:.4f})' for s, p in curve)}]," for curve in curves),
        "];",
        "",
        "/// Names of the features that the nodes ask for by number.",
        "#[cfg(test)]",
        "#[rustfmt::skip]",
        f"pub(super) const FEATURES: [&str; {len(names)}] = [",
        *(f"    {', '.join(map(json.dumps, names[i : i + 8]))}," for i in range(0, len(names), 8)),
        "];",
        *forest_lines("LOCAL", "How likely a local answer is good.", model.forests["local"]),
        *forest_lines("FAR", "How likely a far answer is good.", model.forests["far"]),
        *forest_lines("GAIN", "What going far gains, as (1 + gain) / 2.", model.forests["gain"]),
        *forest_lines("IS_EVERYDAY", "How likely a request is everyday chat.", model.forests["everyday"]),
        *forest_lines("IS_DEMANDING", "How likely a request is one of the demanding ones.", model.forests["demanding"]),
    ]
    TABLE.write_text("\n".join(lines + [""]))


def write_scores(model):
    """Raw scores of prompts, for the test that the Rust code computes the same."""
    lines = [
        line for kind in ("easy", "hard") for line in (TESTDATA / f"complexity-{kind}.txt").read_text().splitlines()
    ]
    lines += ["", "Ça va, Jürgen? Où est l'œuvre?", "What is x?\nA. 1\nB. 2"]
    requests = [{"prompt": line, "tools": [{}] * (at % 3)} for at, line in enumerate(lines)]
    scores = model.predict("gain", features(requests)[1])
    rows = [{"prompt": r["prompt"], "tools": len(r["tools"]), "raw": round(s, 6)} for r, s in zip(requests, scores)]
    path = TESTDATA / "complexity-scores.json"
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


def forest_lines(name, what, forest):
    roots, nodes, leaves = forest.table()
    in_rows = lambda parts, n: [f"    {', '.join(parts[i : i + n])}," for i in range(0, len(parts), n)]
    return [
        "",
        f"/// {what}",
        f"pub(super) static {name}: Forest = Forest {{",
        f"    base: {forest.base:.5f},",
        f"    roots: &{name}_ROOTS,",
        f"    nodes: &{name}_NODES,",
        f"    leaves: &{name}_LEAVES,",
        "};",
        "",
        "#[rustfmt::skip]",
        f"static {name}_ROOTS: [i16; {len(roots)}] = [",
        *in_rows([str(root) for root in roots], 20),
        "];",
        "",
        "#[rustfmt::skip]",
        f"static {name}_NODES: [Node; {len(nodes)}] = [",
        *in_rows([f"node({f}, {single(bound)}, {low}, {high})" for f, bound, low, high in nodes], 4),
        "];",
        "",
        "#[rustfmt::skip]",
        f"static {name}_LEAVES: [f32; {len(leaves)}] = [",
        *in_rows([f"{leaf:.5f}" for leaf in leaves], 12),
        "];",
    ]


def single(bound):
    """A bound for 32-bit values: the greatest number of 32 bits that is not above it."""
    nearest = np.float32(bound)
    below = np.nextafter(nearest, np.float32(-np.inf)) if nearest > bound else nearest
    if abs(below) < 1e-30:
        return f"{below:.1e}"
    whole, part = np.format_float_positional(below, trim="0").split(".")
    return f"{whole}.{'_'.join(part[at : at + 3] for at in range(0, len(part), 3))}"


if __name__ == "__main__":
    main()
