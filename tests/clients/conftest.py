"""The gateway as its users start it, between a client and the provider beside this file."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from provider import Provider

HERE = pathlib.Path(__file__).parent
PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def provider():
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture(scope="session")
def gateway(provider, tmp_path_factory):
    """The base URL of a running ``nearside serve`` with a provider of the OpenAI API."""
    target = f'{{ name: far, zone: cloud, api: openai, base_url: "{provider.base_url}", models: [gpt-4o] }}'
    with serving(target, tmp_path_factory) as root:
        yield f"{root}/v1"


@contextlib.contextmanager
def serving(target, tmp_path_factory):
    """Runs ``nearside serve`` with one target and gives its root URL; looks through what it leaves behind."""
    folder = tmp_path_factory.mktemp("gateway")
    api, admin = _free_ports(2)
    config = folder / "nearside.yaml"
    config.write_text(
        f"""
version: 1
listen: 127.0.0.1:{api}
admin: 127.0.0.1:{admin}
policy: {HERE / "policy.yaml"}
targets:
  - {target}
audit: {{ file: audit.jsonl }}
device: {{ online: true }}
"""
    )
    binary = os.environ["NEARSIDE_BINARY"]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([binary, "serve", "--config", str(config)], stderr=log, stdout=log)
    try:
        _wait_until_ready(process, admin, folder / "log")
        yield f"http://127.0.0.1:{api}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0, (folder / "log").read_text()
    finally:
        process.kill()
        process.wait()
    verified = subprocess.run([binary, "audit", "verify", str(folder / "audit.jsonl")], check=False)
    assert verified.returncode == 0
    for place in ("audit.jsonl", "log"):
        assert "example.com" not in (folder / place).read_text(), place


@pytest.fixture
def crossed(provider):
    """What has crossed since the test began."""
    before = len(provider.bodies)
    return lambda: b"".join(provider.bodies[before:]).decode()


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in sockets]
    for listening in sockets:
        listening.close()
    return ports


def _wait_until_ready(process, admin, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the gateway ended:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"the gateway is not ready:\n{log.read_text()}")
