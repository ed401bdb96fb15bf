"""Measures ONNX Runtime GenAI on a model folder: genai.py FOLDER PROMPT NEW THREADS.

Eight streams are one static batch, its fastest way; nothing can join a batch, so there are no
figures for a prompt that arrives later.
"""

import json
import sys
import time

import numpy as np
import onnxruntime_genai as og

import scenarios
from scenarios import Prompts, Trace


def main(folder, prompt_tokens, new_tokens, threads):
    config = og.Config(folder)
    session = {"intra_op_num_threads": threads}
    config.overlay(json.dumps({"model": {"decoder": {"session_options": session}}}))
    model = og.Model(config)
    with open(f"{folder}/genai_config.json", encoding="utf-8") as file:
        prompts = Prompts(json.load(file)["model"]["vocab_size"])

    def record(prompt, new):
        return batch(model, [prompt], new)[0][0]

    scenarios.one_stream(record, prompts, prompt_tokens, new_tokens)  # warms up
    one = scenarios.one_stream(record, prompts, prompt_tokens, new_tokens)
    start = time.perf_counter()
    eight, _ = batch(model, [prompts.draw(prompt_tokens) for _ in range(8)], new_tokens)
    report = {
        "one_stream": one,
        "eight_streams": scenarios.stream_figures(start, eight),
        "long_arrival": None,
        "second_turn": second_turn(model, prompts, record),
    }
    print(json.dumps(report, indent=2))


def batch(model, prompts, new):
    """Traces of prompts of one length that are generated together, and the generator."""
    traces = [Trace() for _ in prompts]
    generator = og.Generator(model, parameters(model, len(prompts)))
    generator.append_tokens(np.array(prompts, np.int32))
    write(generator, traces, new)
    return traces, generator


def write(generator, traces, new):
    for _ in range(new):
        generator.generate_next_token()
        for trace, token in zip(traces, generator.get_next_tokens()):
            trace.add(int(token))


def parameters(model, batch_size):
    """Greedy, and on after the end token, to the end of the context."""
    parameters = og.GeneratorParams(model)
    parameters.set_search_options(
        do_sample=False, batch_size=batch_size, min_length=scenarios.CONTEXT, max_length=scenarios.CONTEXT
    )
    return parameters


def second_turn(model, prompts, record):
    """The generator keeps its cache; the new tokens are appended to it."""
    history = prompts.draw(scenarios.HISTORY - scenarios.ANSWER)
    [first], generator = batch(model, [history], scenarios.ANSWER)
    second = Trace()
    generator.append_tokens(np.array([prompts.draw(scenarios.NEW_IN_TURN)], np.int32))
    write(generator, [second], 1)
    alone = record(prompts.draw(scenarios.NEW_IN_TURN), 1)
    return scenarios.turn_figures(first, second, alone)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
