"""The unmodified Ollama client, pointed at the gateway: with an upstream of each API, and the local model."""

import asyncio
import json

import ollama
import pytest

from conftest import serving
from ollama_provider import OllamaProvider

ADDRESS = "ada.quill@example.com"
SAID = f"Write to {ADDRESS}, please"
MESSAGES = [{"role": "user", "content": SAID}]
SCHEMA = {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}
TOOLS = [{"type": "function", "function": {"name": "echo", "description": "Says it back", "parameters": SCHEMA}}]


@pytest.fixture(scope="module")
def ollama_provider():
    provider = OllamaProvider()
    yield provider
    provider.close()


@pytest.fixture(scope="module", params=["openai", "ollama"])
def upstream(request, provider, ollama_provider, tmp_path_factory):
    """A gateway with one target: its root URL, the target's model, and who stands behind it."""
    api, zone, behind, model = {
        "openai": ("openai", "cloud", provider, "gpt-4o"),
        "ollama": ("ollama", "site", ollama_provider, "llama3.2"),
    }[request.param]
    target = f'{{ name: far, zone: {zone}, api: {api}, base_url: "{behind.base_url}", models: [{model}] }}'
    with serving(target, tmp_path_factory) as root:
        yield root, model, behind


@pytest.fixture
def client(upstream):
    return ollama.Client(host=upstream[0])


@pytest.fixture
def model(upstream):
    return upstream[1]


@pytest.fixture
def crossed(upstream):
    """What has crossed since the test began."""
    bodies = upstream[2].bodies
    before = len(bodies)
    return lambda: b"".join(bodies[before:]).decode()


def test_chat(client, model, crossed):
    answer = client.chat(model, MESSAGES)
    assert answer.message.content == f"You said: {SAID}"
    assert (answer.done, answer.done_reason) == (True, "stop")
    assert (answer.prompt_eval_count, answer.eval_count) == (7, 5)
    assert "[EMAIL_1]" in crossed() and ADDRESS not in crossed()


def test_streamed_chat(client, model, crossed):
    lines = list(client.chat(model, MESSAGES, stream=True))
    assert "".join(line.message.content for line in lines) == f"You said: {SAID}"
    assert [line.done for line in lines] == [False] * (len(lines) - 1) + [True]
    assert (lines[-1].done_reason, lines[-1].eval_count) == ("stop", 5)
    assert "[EMAIL_1]" in crossed() and ADDRESS not in crossed()


@pytest.mark.parametrize("stream", [False, True])
def test_generate(client, model, crossed, stream):
    answer = client.generate(model, SAID, system="Repeat", stream=stream)
    text = "".join(line.response for line in answer) if stream else answer.response
    assert text == f"You said: {SAID}"
    assert "[EMAIL_1]" in crossed() and ADDRESS not in crossed()


@pytest.mark.parametrize("stream", [False, True])
def test_tools(client, model, crossed, stream):
    answer = client.chat(model, MESSAGES, tools=TOOLS, stream=stream)
    messages = [line.message for line in answer] if stream else [answer.message]
    calls = [call for message in messages for call in message.tool_calls or []]
    assert [(call.function.name, call.function.arguments) for call in calls] == [("echo", {"said": SAID})]

    # The conversation goes on with the client's own objects.
    called = next(message for message in messages if message.tool_calls)
    result = {"role": "tool", "tool_name": "echo", "content": json.dumps({"to": ADDRESS})}
    answer = client.chat(model, [*MESSAGES, called, result, {"role": "user", "content": "Thanks"}])
    assert answer.message.content == "You said: Thanks"
    assert ADDRESS not in crossed()


@pytest.mark.parametrize("stream", [False, True])
def test_structured_output(client, model, stream):
    answer = client.chat(model, MESSAGES, format=SCHEMA, stream=stream)
    text = "".join(line.message.content for line in answer) if stream else answer.message.content
    assert json.loads(text) == {"said": SAID}


def test_async(upstream, model):
    async def ask():
        client = ollama.AsyncClient(host=upstream[0])
        plain, streamed = await asyncio.gather(client.chat(model, MESSAGES), client.chat(model, MESSAGES, stream=True))
        return plain.message.content, "".join([line.message.content async for line in streamed])

    assert asyncio.run(ask()) == (f"You said: {SAID}", f"You said: {SAID}")


@pytest.mark.parametrize("status", [400, 401, 404, 422])
@pytest.mark.parametrize("stream", [False, True])
def test_a_providers_refusal(client, model, status, stream):
    with pytest.raises(ollama.ResponseError) as raised:
        list(client.chat(model, [{"role": "user", "content": f"status {status}"}], stream=stream))
    assert (raised.value.status_code, raised.value.error) == (status, f"scripted {status}")


def test_a_model_that_nobody_has(client):
    with pytest.raises(ollama.ResponseError) as raised:
        client.chat("llama-none", MESSAGES)
    assert raised.value.status_code == 404
    assert "not found" in raised.value.error


def test_a_client_that_leaves(client, upstream, model):
    upstream[2].left.clear()
    stream = client.chat(model, [{"role": "user", "content": "never stop"}], stream=True)
    next(stream)
    stream.close()
    assert upstream[2].left.wait(1), "the provider was not told"


def test_models(client, model):
    models = {listed.model: listed for listed in client.list().models}
    assert set(models) == {"auto:latest", "nearside-tiny:latest", f"{model}:latest"}
    local = models["nearside-tiny:latest"]
    assert local.size > 0 and local.details.format == "onnx" and len(local.digest) == 64
    shown = client.show("nearside-tiny")
    assert "completion" in shown.capabilities
    assert shown.modelinfo[f"{shown.details.family}.context_length"] > 0
    with pytest.raises(ollama.ResponseError) as raised:
        client.show("llama-none")
    assert raised.value.status_code == 404
    client.ps()


@pytest.mark.parametrize("stream", [False, True])
def test_local(client, crossed, stream):
    answer = client.chat("nearside-tiny", MESSAGES, stream=stream, options={"num_predict": 8})
    last = list(answer)[-1] if stream else answer
    assert last.done and last.done_reason in ("stop", "length")
    assert last.eval_count > 0 and last.eval_duration > 0 and last.prompt_eval_count > 0
    assert crossed() == ""


def test_local_structured_output(client):
    schema = {"type": "object", "properties": {"n": {"enum": [1, 2]}}, "required": ["n"], "additionalProperties": False}
    answer = client.chat("nearside-tiny", MESSAGES, format=schema, options={"num_predict": 64})
    assert json.loads(answer.message.content)["n"] in (1, 2)


def test_loading(client):
    assert client.generate("nearside-tiny").done_reason == "load"
    assert [running.model for running in client.ps().models] == ["nearside-tiny:latest"]
    assert client.chat("nearside-tiny", []).done_reason == "load"


def test_what_the_gateway_leaves_to_its_commands(client):
    assert client.pull("nearside-tiny").status == "success"
    for call, status, instead in [
        (lambda: client.pull("llama-none"), 404, "nearside models pull"),
        (lambda: client.delete("nearside-tiny"), 403, "nearside models rm"),
        (lambda: client.copy("nearside-tiny", "mine"), 501, "local.model"),
        (lambda: client.embed("nearside-tiny", "x"), 501, "embeddings"),
    ]:
        with pytest.raises(ollama.ResponseError) as raised:
            call()
        assert raised.value.status_code == status
        assert instead in raised.value.error
