"""What is measured, for engines that Python drives. The engine itself is measured alike by
`examples/bench_streams`: same prompts, same sizes, same figures."""

import statistics
import threading
import time
from functools import partial

WRITERS, WRITTEN, BEFORE_ARRIVAL, LONG_PROMPT = 4, 200, 40, 2000
HISTORY, ANSWER, NEW_IN_TURN = 1000, 100, 64
SPECIAL = 3
CONTEXT = 4096


class Prompts:
    """Random tokens (Knuth's MMIX generator), past the special ones at the start."""

    def __init__(self, vocabulary):
        self.vocabulary, self.state = vocabulary, 20261120

    def draw(self, tokens):
        return [self.next() for _ in range(tokens)]

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return SPECIAL + (self.state >> 33) % (self.vocabulary - SPECIAL)


class Trace:
    """When the tokens of one request came."""

    def __init__(self):
        self.submitted, self.tokens, self.ids = time.perf_counter(), [], []

    def add(self, token):
        self.tokens.append(time.perf_counter())
        self.ids.append(token)

    def first_ms(self):
        return (self.tokens[0] - self.submitted) * 1000

    def decode_speed(self):
        return (len(self.tokens) - 1) / (self.tokens[-1] - self.tokens[0])

    def gaps(self):
        """(when, milliseconds since the token before)"""
        return [(after, (after - before) * 1000) for before, after in zip(self.tokens, self.tokens[1:])]


def one_stream(record, prompts, prompt_tokens, new_tokens):
    """One request alone. `record(prompt, new, on_token)` generates and returns a `Trace`."""
    trace = record(prompts.draw(prompt_tokens), new_tokens)
    return {"first_token_ms": trace.first_ms(), "decode_tokens_per_second": trace.decode_speed()}


def streams(record, prompts, count, prompt_tokens, new_tokens):
    """Several requests that start together."""
    start = time.perf_counter()
    traces = together([partial(record, prompts.draw(prompt_tokens), new_tokens) for _ in range(count)])
    return stream_figures(start, traces)


def stream_figures(start, traces):
    """Figures of requests that started together at `start`."""
    speeds = [len(trace.ids) / (trace.tokens[-1] - start) for trace in traces]
    end = max(trace.tokens[-1] for trace in traces)
    firsts = [trace.first_ms() for trace in traces]
    return {
        "wall_tokens_per_second": sum(len(trace.ids) for trace in traces) / (end - start),
        "first_token_first_ms": min(firsts),
        "first_token_last_ms": max(firsts),
        "slowest_of_mean": min(speeds) / statistics.mean(speeds),
    }


def long_arrival(record, prompts, prompt_tokens):
    """A long prompt that arrives while others are being written."""
    started = threading.Semaphore(0)

    def on_token(tokens):
        if tokens == BEFORE_ARRIVAL:
            started.release()

    def arrive():
        for _ in range(WRITERS):
            started.acquire()
        return record(prompts.draw(LONG_PROMPT), 1)

    drawn = [prompts.draw(prompt_tokens) for _ in range(WRITERS)]
    writers = [partial(record, prompt, WRITTEN, on_token) for prompt in drawn]
    *traces, long = together([*writers, arrive])
    gaps = [gap for trace in traces for gap in trace.gaps()]
    usual = statistics.median(gap for at, gap in gaps if at < long.submitted)
    until = long.tokens[-1] + usual / 1000
    worst = max((gap for at, gap in gaps if long.submitted <= at <= until), default=0.0)
    return {
        "usual_gap_ms": usual,
        "worst_gap_ms": worst,
        "delay_ms": max(worst - usual, 0.0),
        "first_token_ms": long.first_ms(),
    }


def second_turn(record, prompts):
    """The second turn of a conversation, beside its new tokens alone."""
    history = prompts.draw(HISTORY - ANSWER)
    first = record(history, ANSWER)
    second = record(history + first.ids + prompts.draw(NEW_IN_TURN), 1)
    return turn_figures(first, second, record(prompts.draw(NEW_IN_TURN), 1))


def turn_figures(first, second, alone):
    return {
        "first_turn_first_token_ms": first.first_ms(),
        "second_turn_first_token_ms": second.first_ms(),
        "new_tokens_alone_ms": alone.first_ms(),
        "second_of_alone": second.first_ms() / alone.first_ms(),
    }


def together(jobs):
    """Results of all jobs, each in a thread. A job that fails fails the whole."""
    results, failures = [None] * len(jobs), []

    def work(index):
        try:
            results[index] = jobs[index]()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive() and not failures:
            thread.join(0.1)
    if failures:
        raise failures[0]
    return results
