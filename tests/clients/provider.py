"""A provider of the OpenAI API on a loopback port: records requests, answers by the last message.

Responses are those of the module beside it.

| Last user message | Answer |
| --- | --- |
| ``status 429 ...`` | an error with this status |
| ``never stop ...`` | a stream without end |
| anything else | says it back; as a tool call when tools are offered, as JSON when a schema is |
"""

import base64
import itertools
import json
import struct

import openai_responses as responses
from stand_in import Conversation, StandIn, pieces


class _Conversation(Conversation):
    def reply(self, request):
        if self.path == "/v1/embeddings":
            self.answer(200, _vectors(request))
            return
        if self.path == "/v1/completions":
            self._complete(request["prompt"], request.get("stream"))
            return
        is_response = self.path == "/v1/responses"
        said = responses.said(request) if is_response else request["messages"][-1]["content"]
        if said.startswith("status "):
            self._refuse(int(said.split()[1]))
        elif is_response and request.get("stream"):
            self._stream_response(request)
        elif is_response:
            self.answer(200, responses.answer(request))
        elif request.get("stream"):
            self._stream(request, said)
        else:
            self.answer(200, _completion(_message(request, said)))

    def _refuse(self, status):
        error = {"message": f"scripted {status}", "type": "scripted", "param": "p", "code": "c"}
        self.answer(status, {"error": error})

    def _stream(self, request, said):
        self.open_stream("text/event-stream")
        never_stops = said.startswith("never stop")
        deltas = itertools.repeat({"content": "on and "}) if never_stops else _deltas(_message(request, said))
        for delta in deltas:
            self._event(json.dumps(_chunk(delta)))
        reason = "tool_calls" if request.get("tools") else "stop"
        self._event(json.dumps(_chunk({}, reason)))
        if request.get("stream_options", {}).get("include_usage"):
            self._event(json.dumps({**_chunk({}), "choices": [], "usage": USAGE}))
        self._event("[DONE]")
        self.end_stream()

    def _complete(self, prompt, stream):
        if not stream:
            self.answer(200, {**_text(f"You said: {prompt}", "stop"), "usage": USAGE})
            return
        self.open_stream("text/event-stream")
        for piece in pieces(f"You said: {prompt}"):
            self._event(json.dumps(_text(piece)))
        self._event(json.dumps(_text("", "stop")))
        self._event("[DONE]")
        self.end_stream()

    def _stream_response(self, request):
        self.open_stream("text/event-stream")
        for name, data in responses.events(request):
            self._event(data, name)
        self.end_stream()

    def _event(self, data, name=None):
        head = f"event: {name}\n" if name else ""
        self.chunk(f"{head}data: {data}\n\n".encode())


class Provider(StandIn):
    """A provider of the OpenAI API."""

    conversation = _Conversation
    path = "/v1"


USAGE = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}


def _message(request, said):
    """The whole answer: the words of the request, in the form that it asks for."""
    if request.get("tools"):
        name = request["tools"][0]["function"]["name"]
        function = {"name": name, "arguments": json.dumps({"said": said})}
        call = {"id": "call_1", "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    if request.get("response_format"):
        return {"role": "assistant", "content": json.dumps({"said": said})}
    return {"role": "assistant", "content": f"You said: {said}"}


def _completion(message):
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
    return {**_envelope("chat.completion"), "choices": [choice], "usage": USAGE}


def _deltas(message):
    yield {"role": "assistant", "content": ""}
    for call in message.get("tool_calls", []):
        name = call["function"]["name"]
        begin = {"index": 0, "id": call["id"], "type": "function"}
        yield {"tool_calls": [{**begin, "function": {"name": name, "arguments": ""}}]}
        for part in pieces(call["function"]["arguments"]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}
    for part in pieces(message["content"] or ""):
        yield {"content": part}


def _chunk(delta, reason=None):
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return {**_envelope("chat.completion.chunk"), "choices": [choice]}


def _vectors(request):
    """For each text its length, as the client wants it written."""
    texts = [request["input"]] if isinstance(request["input"], str) else request["input"]
    vectors = [[float(len(text))] for text in texts]
    if request.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack("<f", *vector)).decode() for vector in vectors]
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    usage = {"prompt_tokens": 7, "total_tokens": 7}
    return {"object": "list", "data": data, "model": request["model"], "usage": usage}


def _text(text, reason=None):
    choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": reason}
    return {**_envelope("text_completion"), "choices": [choice]}


def _envelope(kind):
    return {"id": "chatcmpl-far", "object": kind, "created": 1_700_000_000, "model": "gpt-4o"}
