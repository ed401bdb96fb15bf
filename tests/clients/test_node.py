"""The unmodified clients for Node: each file of ``node/``, with an upstream of its own API and one of another."""

import os
import pathlib
import subprocess

import pytest

PACKAGES = pathlib.Path(os.environ["NODE_PACKAGES"])
ADDRESS = "ada.quill@example.com"


@pytest.mark.parametrize(
    ("client", "api"),
    [
        ("openai", "openai"),
        ("openai", "anthropic"),
        ("openai_responses", "openai"),
        ("openai_responses", "anthropic"),
        ("anthropic", "anthropic"),
        ("anthropic", "openai"),
        ("ollama", "ollama"),
        ("ollama", "openai"),
        ("ai", "openai"),
        ("ai", "anthropic"),
    ],
)
def test_client(client, api, upstreams):
    upstream = upstreams(api)
    before = len(upstream.provider.bodies)
    upstream.provider.left.clear()
    where = {"GATEWAY_URL": upstream.root, "TARGET_MODEL": upstream.model, "TARGET_API": api}
    node = ["node", "--test", "--test-reporter=tap", f"{client}.test.js"]
    ran = subprocess.run(node, cwd=PACKAGES, env={**os.environ, **where}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 0" not in ran.stdout, "nothing was tested"
    crossed = b"".join(upstream.provider.bodies[before:]).decode()
    assert "[EMAIL_1]" in crossed and ADDRESS not in crossed
    if client != "ai":
        assert upstream.provider.left.wait(5), "the provider was not told that the client left"
