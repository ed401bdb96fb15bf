"""The unmodified OpenAI client, pointed at the gateway."""

import asyncio
import json

import openai
import pydantic
import pytest

ADDRESS = "ada.quill@example.com"
SAID = f"Write to {ADDRESS}, please"
SECRET = "sk" + "-" + "A" * 24 + "B" * 24

MESSAGES = [{"role": "user", "content": SAID}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "echo",
            "parameters": {"type": "object", "properties": {"said": {"type": "string"}}},
        },
    }
]


@pytest.fixture(scope="module")
def client(gateway):
    with openai.OpenAI(base_url=gateway, api_key="client-key", max_retries=0) as client:
        yield client


class Said(pydantic.BaseModel):
    said: str


def test_plain(client, crossed):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert answer.choices[0].message.content == f"You said: {SAID}"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == 12
    assert "[EMAIL_1]" in crossed() and ADDRESS not in crossed()


def test_stream(client, crossed):
    stream = client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == f"You said: {SAID}"
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 12
    assert ADDRESS not in crossed()


def test_stream_helper(client):
    with client.chat.completions.stream(model="gpt-4o", messages=MESSAGES) as stream:
        completion = stream.get_final_completion()
    assert completion.choices[0].message.content == f"You said: {SAID}"


def test_async(gateway):
    async def ask():
        async with openai.AsyncOpenAI(base_url=gateway, api_key="k", max_retries=0) as client:
            plain = client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
            streamed = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True)
            plain, streamed = await asyncio.gather(plain, streamed)
            deltas = [chunk.choices[0].delta.content or "" async for chunk in streamed]
            return plain.choices[0].message.content, "".join(deltas)

    assert asyncio.run(ask()) == (f"You said: {SAID}", f"You said: {SAID}")


def test_tools(client, crossed):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, tools=TOOLS)
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "echo"
    assert json.loads(call.function.arguments) == {"said": SAID}
    assert answer.choices[0].finish_reason == "tool_calls"

    # The conversation goes on with the SDK's own objects, nulls and all.
    result = {"role": "tool", "tool_call_id": call.id, "content": json.dumps({"to": ADDRESS})}
    messages = [*MESSAGES, answer.choices[0].message, result, {"role": "user", "content": "Thanks"}]
    answer = client.chat.completions.create(model="gpt-4o", messages=messages)
    assert answer.choices[0].message.content == "You said: Thanks"
    assert ADDRESS not in crossed()


def test_streamed_tools(client):
    with client.chat.completions.stream(model="gpt-4o", messages=MESSAGES, tools=TOOLS) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.tool_calls[0].function.name == "echo"
    assert json.loads(message.tool_calls[0].function.arguments) == {"said": SAID}


def test_structured_output(client, crossed):
    answer = client.chat.completions.parse(model="gpt-4o", messages=MESSAGES, response_format=Said)
    assert answer.choices[0].message.parsed == Said(said=SAID)
    schema = json.loads(crossed())["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["said"]["type"] == "string"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
    ],
)
def test_a_providers_refusal(client, status, error):
    with pytest.raises(error) as raised:
        _ask(client.chat.completions, f"status {status}")
    assert raised.value.status_code == status
    assert raised.value.body == {
        "message": f"scripted {status}",
        "type": "scripted",
        "param": "p",
        "code": "c",
    }


def test_a_model_that_nobody_has(client):
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="gpt-none", messages=MESSAGES)
    assert (raised.value.code, raised.value.param) == ("model_not_found", "model")


def test_a_request_that_the_gateway_refuses(client):
    with pytest.raises(openai.BadRequestError) as raised:
        _ask(client.chat.completions, "Hello", extra_headers={"x-nearside-route": "sideways"})
    assert raised.value.code == "invalid_header"


def test_a_client_that_leaves(client, provider):
    provider.left.clear()
    stream = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "never stop"}], stream=True
    )
    next(iter(stream))
    stream.close()
    assert provider.left.wait(1), "the provider was not told"


def test_models(client):
    models = {model.id: model.owned_by for model in client.models.list()}
    assert models == {"auto": "nearside", "nearside-tiny": "nearside", "gpt-4o": "far"}


def test_local(client, crossed):
    for stream in (False, True):
        raw = client.chat.completions.with_raw_response.create(
            model="local", messages=MESSAGES, max_tokens=8, stream=stream
        )
        assert raw.headers["x-nearside-route"] == "local"
        answer = raw.parse()
        if stream:
            assert [chunk.choices[0].finish_reason for chunk in answer][-1] in ("stop", "length")
        else:
            assert answer.usage.completion_tokens > 0
    assert crossed() == ""


def test_a_secret_stays(client, crossed):
    raw = _ask(client.chat.completions.with_raw_response, f"Is {SECRET} a key?", max_tokens=8)
    assert raw.headers["x-nearside-rule"] == "secrets-stay"
    assert crossed() == ""


def _ask(completions, said, **options):
    messages = [{"role": "user", "content": said}]
    return completions.create(model="gpt-4o", messages=messages, **options)
