"""The unmodified Anthropic client, pointed at the gateway: with an upstream of each API, and the local model."""

import asyncio
import json

import anthropic
import pytest

from anthropic_provider import AnthropicProvider
from conftest import serving

ADDRESS = "ada.quill@example.com"
SAID = f"Write to {ADDRESS}, please"
MESSAGES = [{"role": "user", "content": SAID}]
SCHEMA = {
    "type": "object",
    "properties": {"said": {"type": "string"}},
    "required": ["said"],
    "additionalProperties": False,
}
TOOLS = [{"name": "echo", "description": "Says it back", "input_schema": SCHEMA}]


@pytest.fixture(scope="module")
def anthropic_provider():
    provider = AnthropicProvider()
    yield provider
    provider.close()


@pytest.fixture(scope="module", params=["anthropic", "openai"])
def upstream(request, provider, anthropic_provider, tmp_path_factory):
    """A gateway with one target: its root URL, the target's model, who stands behind it, and its API."""
    behind, model = {
        "anthropic": (anthropic_provider, "claude-far"),
        "openai": (provider, "gpt-4o"),
    }[request.param]
    target = f'{{ name: far, zone: cloud, api: {request.param}, base_url: "{behind.base_url}", models: [{model}] }}'
    with serving(target, tmp_path_factory) as root:
        yield root, model, behind, request.param


@pytest.fixture
def client(upstream):
    with anthropic.Anthropic(base_url=upstream[0], api_key="client-key", max_retries=0) as client:
        yield client


@pytest.fixture
def model(upstream):
    return upstream[1]


@pytest.fixture
def crossed(upstream):
    """What has crossed since the test began."""
    bodies = upstream[2].bodies
    before = len(bodies)
    return lambda: b"".join(bodies[before:]).decode()


def _ask(client, model, content=SAID, **options):
    messages = [{"role": "user", "content": content}]
    return client.messages.create(model=model, max_tokens=64, messages=messages, **options)


def test_plain(client, model, crossed):
    answer = _ask(client, model, system="Be brief.", stop_sequences=["END"])
    assert [block.text for block in answer.content] == [f"You said: {SAID}"]
    assert (answer.role, answer.stop_reason) == ("assistant", "end_turn")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (7, 5)
    assert "[EMAIL_1]" in crossed() and ADDRESS not in crossed()


def test_stream(client, model, crossed):
    events = list(_ask(client, model, stream=True))
    deltas = [event.delta.text for event in events if event.type == "content_block_delta"]
    assert "".join(deltas) == f"You said: {SAID}"
    assert events[0].type == "message_start" and events[-1].type == "message_stop"
    assert ADDRESS not in crossed()


def test_stream_helper(client, model):
    with client.messages.stream(model=model, max_tokens=64, messages=MESSAGES) as stream:
        assert "".join(stream.text_stream) == f"You said: {SAID}"
        message = stream.get_final_message()
    assert (message.content[0].text, message.stop_reason) == (f"You said: {SAID}", "end_turn")
    assert (message.usage.input_tokens, message.usage.output_tokens) == (7, 5)


def test_async(upstream, model):
    async def ask():
        async with anthropic.AsyncAnthropic(base_url=upstream[0], api_key="k", max_retries=0) as client:
            plain, streamed = await asyncio.gather(_ask(client, model), _ask(client, model, stream=True))
            deltas = [event.delta.text async for event in streamed if event.type == "content_block_delta"]
            return plain.content[0].text, "".join(deltas)

    assert asyncio.run(ask()) == (f"You said: {SAID}", f"You said: {SAID}")


@pytest.mark.parametrize("stream", [False, True])
def test_tools(client, model, crossed, stream):
    if stream:
        with client.messages.stream(model=model, max_tokens=64, messages=MESSAGES, tools=TOOLS) as streamed:
            answer = streamed.get_final_message()
    else:
        answer = _ask(client, model, tools=TOOLS, tool_choice={"type": "any"})
    call = answer.content[-1]
    assert (call.type, call.name, call.input) == ("tool_use", "echo", {"said": SAID})
    assert answer.stop_reason == "tool_use"

    # The conversation goes on with the client's own objects.
    result = {"type": "tool_result", "tool_use_id": call.id, "content": json.dumps({"to": ADDRESS})}
    turns = [{"role": "assistant", "content": answer.content}, {"role": "user", "content": [result]}]
    thanks = {"role": "user", "content": "Thanks"}
    answer = client.messages.create(model=model, max_tokens=64, messages=[*MESSAGES, *turns, thanks])
    assert answer.content[0].text == "You said: Thanks"
    assert ADDRESS not in crossed()


@pytest.mark.parametrize("stream", [False, True])
def test_structured_output(client, model, stream):
    form = {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}
    answer = _ask(client, model, stream=stream, extra_body=form)
    if stream:
        text = "".join(event.delta.text for event in answer if event.type == "content_block_delta")
    else:
        text = answer.content[0].text
    assert json.loads(text) == {"said": SAID}


def test_thoughts_go_back_as_they_came(client, model, upstream):
    if upstream[3] != "anthropic":
        pytest.skip("only its own server signs thoughts")
    said = f"think of {ADDRESS}"
    whole = _ask(client, model, said).content
    with client.messages.stream(model=model, max_tokens=64, messages=[{"role": "user", "content": said}]) as stream:
        streamed = stream.get_final_message().content
    for content in (whole, streamed):
        assert content[0].thinking == "They said: think of [EMAIL_1]"
        assert content[1].text == f"You said: {said}"
        turns = [{"role": "user", "content": said}, {"role": "assistant", "content": content}]
        client.messages.create(model=model, max_tokens=64, messages=[*turns, {"role": "user", "content": "Go on"}])
        sent = json.loads(upstream[2].bodies[-1])["messages"][1]["content"][0]
        assert (sent["thinking"], sent["signature"]) == (content[0].thinking, content[0].signature)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, anthropic.BadRequestError),
        (401, anthropic.AuthenticationError),
        (403, anthropic.PermissionDeniedError),
        (404, anthropic.NotFoundError),
        (422, anthropic.UnprocessableEntityError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_providers_refusal(client, model, status, error, stream):
    with pytest.raises(error) as raised:
        _ask(client, model, f"status {status}", stream=stream)
    assert raised.value.status_code == status
    assert raised.value.body["type"] == "error"
    assert raised.value.body["error"]["message"] == f"scripted {status}"


def test_a_model_that_nobody_has(client):
    with pytest.raises(anthropic.NotFoundError) as raised:
        _ask(client, "claude-none")
    assert raised.value.body["error"]["type"] == "not_found_error"
    assert raised.value.body["request_id"].startswith("req_")


def test_a_client_that_leaves(client, upstream, model):
    upstream[2].left.clear()
    stream = _ask(client, model, "never stop", stream=True)
    next(iter(stream))
    stream.close()
    assert upstream[2].left.wait(1), "the provider was not told"


def test_models(client, model):
    assert [listed.id for listed in client.models.list()] == ["auto", "nearside-tiny", model]
    assert client.models.retrieve(model).display_name == model
    with pytest.raises(anthropic.NotFoundError):
        client.models.retrieve("claude-none")


def test_counting_tokens(client, model, upstream, crossed):
    counted = client.messages.count_tokens(model=model, messages=MESSAGES, system="Be brief.", tools=TOOLS)
    assert counted.input_tokens == 14 if upstream[3] == "anthropic" else counted.input_tokens > 0
    assert ADDRESS not in crossed()
    assert client.messages.count_tokens(model="local", messages=MESSAGES).input_tokens > 0


@pytest.mark.parametrize("stream", [False, True])
def test_local(client, crossed, stream):
    if stream:
        with client.messages.stream(model="local", max_tokens=8, messages=MESSAGES) as streamed:
            answer = streamed.get_final_message()
    else:
        answer = _ask(client, "local")
    assert answer.model == "nearside-tiny"
    assert answer.stop_reason in ("end_turn", "max_tokens")
    assert answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0
    assert crossed() == ""


def test_local_structured_output(client):
    schema = {"type": "object", "properties": {"n": {"enum": [1, 2]}}, "required": ["n"], "additionalProperties": False}
    form = {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
    assert json.loads(_ask(client, "local", extra_body=form).content[0].text)["n"] in (1, 2)
