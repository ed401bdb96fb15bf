"""Measures llama.cpp's server on a GGUF file: llama.py SERVER FILE VOCABULARY PROMPT NEW THREADS.

Everything goes over HTTP on loopback, as its users have it; that costs about a millisecond a
request. Eight slots, prompts kept in their caches.
"""

import http.client
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import scenarios
from scenarios import Prompts, Trace

SLOTS = 8
PATIENCE_SECONDS = 120


class Server:
    """A running server; used in a `with` block, which stops it."""

    def __init__(self, program, file, threads):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        threads = ["--threads", str(threads), "--threads-batch", str(threads)]
        slots = ["--parallel", str(SLOTS), "--ctx-size", str(SLOTS * scenarios.CONTEXT)]
        listen = ["--host", "127.0.0.1", "--port", str(self.port), "--no-webui"]
        command = [program, "--model", file, *threads, *slots, *listen]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def __enter__(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"llama-server does not start:\n{pathlib.Path(self.log.name).read_text()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def is_ready(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def record(self, prompt, new, on_token=lambda tokens: None):
        """A request; its tokens as they stream. The server holds back tokens that end inside a
        character, so a few at the end of random text can be missing."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        trace = Trace()
        connection.request(
            "POST", "/completion", json.dumps(body(prompt, new)), {"content-type": "application/json"}
        )
        response = connection.getresponse()
        if response.status != 200:
            raise RuntimeError(f"llama-server answers {response.status}: {response.read(300)}")
        predicted = 0
        for line in response:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                predicted = event.get("tokens_predicted", predicted)
                for token in event.get("tokens", []):
                    trace.add(token)
                    on_token(len(trace.ids))
        if predicted != new:
            raise RuntimeError(f"llama-server made {predicted} tokens, expected {new}")
        return trace

    def peak_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def body(prompt, new):
    return {
        "prompt": prompt,
        "n_predict": new,
        "stream": True,
        "return_tokens": True,
        "ignore_eos": True,
        "cache_prompt": True,
        "temperature": 0,
        "top_k": 1,
        "samplers": ["top_k"],
    }


def main(program, file, vocabulary, prompt_tokens, new_tokens, threads):
    prompts = Prompts(vocabulary)
    with Server(program, file, threads) as server:
        record = server.record
        scenarios.one_stream(record, prompts, prompt_tokens, new_tokens)  # warms up
        report = {
            "one_stream": scenarios.one_stream(record, prompts, prompt_tokens, new_tokens),
            "eight_streams": scenarios.streams(record, prompts, 8, prompt_tokens, new_tokens),
            "long_arrival": scenarios.long_arrival(record, prompts, prompt_tokens),
            "second_turn": scenarios.second_turn(record, prompts),
            "peak_mib": server.peak_mib(),
        }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
