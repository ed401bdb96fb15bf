"""The unmodified OpenAI client and its Responses API, pointed at the gateway."""

import asyncio
import json

import openai
import pydantic
import pytest

ADDRESS = "ada.quill@example.com"
SAID = f"Write to {ADDRESS}, please"
TOOLS = [
    {
        "type": "function",
        "name": "echo",
        "parameters": {"type": "object", "properties": {"said": {"type": "string"}}},
    }
]


@pytest.fixture(scope="module")
def client(gateway):
    with openai.OpenAI(base_url=gateway, api_key="client-key", max_retries=0) as client:
        yield client


class Said(pydantic.BaseModel):
    said: str


def test_plain(client, crossed):
    answer = client.responses.create(model="gpt-4o", input=SAID)
    assert answer.output_text == f"You said: {SAID}"
    assert (answer.status, answer.usage.total_tokens) == ("completed", 12)
    assert "[EMAIL_1]" in crossed() and ADDRESS not in crossed()


def test_items_and_instructions(client, crossed):
    items = [{"role": "user", "content": [{"type": "input_text", "text": SAID}]}]
    answer = client.responses.create(model="gpt-4o", instructions=f"I am {ADDRESS}.", input=items)
    assert answer.output_text == f"You said: {SAID}"
    assert ADDRESS not in crossed()


def test_stream(client, crossed):
    events = list(client.responses.create(model="gpt-4o", input=SAID, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    deltas = (event.delta for event in events if event.type == "response.output_text.delta")
    assert "".join(deltas) == f"You said: {SAID}"
    done = next(event for event in events if event.type == "response.output_text.done")
    assert done.text == f"You said: {SAID}"
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
    assert events[-1].response.output_text == f"You said: {SAID}"
    assert ADDRESS not in crossed()


@pytest.mark.parametrize("model", ["gpt-4o", "local"])
def test_stream_helper(client, model):
    with client.responses.stream(model=model, input=SAID) as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        answer = stream.get_final_response()
    assert answer.output_text == "".join(deltas)


def test_async(gateway):
    async def ask():
        async with openai.AsyncOpenAI(base_url=gateway, api_key="k", max_retries=0) as client:
            plain = client.responses.create(model="gpt-4o", input=SAID)
            streamed = client.responses.create(model="gpt-4o", input=SAID, stream=True)
            plain, streamed = await asyncio.gather(plain, streamed)
            events = [event async for event in streamed]
            return plain.output_text, events[-1].response.output_text

    assert asyncio.run(ask()) == (f"You said: {SAID}", f"You said: {SAID}")


@pytest.mark.parametrize("stream", [False, True])
def test_tools(client, crossed, stream):
    asked = {"model": "gpt-4o", "input": SAID, "tools": TOOLS}
    if stream:
        with client.responses.stream(**asked) as events:
            answer = events.get_final_response()
    else:
        answer = client.responses.create(**asked)
    call = answer.output[0]
    assert (call.type, call.name) == ("function_call", "echo")
    assert json.loads(call.arguments) == {"said": SAID}

    # The conversation goes on with the SDK's own objects.
    result = {"type": "function_call_output", "call_id": call.call_id, "output": f"Sent to {ADDRESS}"}
    items = [{"role": "user", "content": SAID}, *_plain(answer.output), result]
    answer = client.responses.create(model="gpt-4o", input=items)
    assert answer.output_text == f"You said: Sent to {ADDRESS}"
    assert ADDRESS not in crossed()


def test_structured_output(client, crossed):
    answer = client.responses.parse(model="gpt-4o", input=SAID, text_format=Said)
    assert answer.output_parsed == Said(said=SAID)
    schema = json.loads(crossed())["text"]["format"]["schema"]
    assert schema["properties"]["said"]["type"] == "string"


@pytest.mark.parametrize("stream", [False, True])
def test_going_on_from_an_answer(client, crossed, stream):
    if stream:
        first = list(client.responses.create(model="gpt-4o", input=SAID, stream=True))[-1].response
    else:
        first = client.responses.create(model="gpt-4o", input=SAID)
    second = client.responses.create(model="gpt-4o", input="To whom?", previous_response_id=first.id)
    assert second.output_text == f"You said: To whom? {ADDRESS}"
    assert ADDRESS not in crossed()


def test_going_on_from_an_unknown_answer(client, crossed):
    with pytest.raises(openai.BadRequestError) as raised:
        client.responses.create(model="gpt-4o", input="Hi", previous_response_id="resp_unknown")
    assert (raised.value.code, raised.value.param) == ("previous_response_not_found", "previous_response_id")
    assert crossed() == ""


def test_going_on_from_the_local_model(client, crossed):
    first = client.responses.create(model="local", input=SAID, max_output_tokens=8)
    second = client.responses.create(model="local", input="Again", previous_response_id=first.id, max_output_tokens=8)
    assert second.usage.input_tokens > first.usage.input_tokens
    assert crossed() == ""


def test_an_answer_by_its_id(client):
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve("resp_1")
    with pytest.raises(openai.NotFoundError):
        client.responses.delete("resp_1")


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_providers_refusal(client, status):
    with pytest.raises(openai.APIStatusError) as raised:
        client.responses.create(model="gpt-4o", input=f"status {status}")
    assert (raised.value.status_code, raised.value.message.endswith("'code': 'c'}}")) == (status, True)


def test_an_error_in_a_stream(client):
    events = list(client.responses.create(model="gpt-4o", input="break off", stream=True))
    assert (events[-1].type, events[-1].message) == ("error", "scripted")


def test_local(client, crossed):
    raw = client.responses.with_raw_response.create(model="local", input=SAID, max_output_tokens=8)
    assert raw.headers["x-nearside-route"] == "local"
    answer = raw.parse()
    assert answer.usage.output_tokens > 0
    assert (answer.object, answer.output[0].role) == ("response", "assistant")
    events = list(client.responses.create(model="local", input=SAID, max_output_tokens=8, stream=True))
    assert events[-1].type in ("response.completed", "response.incomplete")
    assert crossed() == ""


def test_what_the_local_model_cannot_do(client):
    with pytest.raises(openai.BadRequestError) as raised:
        client.responses.create(model="local", prompt={"id": "pmpt_1"})
    assert raised.value.param == "prompt"


def _plain(items):
    return [item.model_dump(exclude_none=True) for item in items]
