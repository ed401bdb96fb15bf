"""A server of the Ollama API on a loopback port: records requests, answers by the last message or the prompt.

| Said last | Answer |
| --- | --- |
| ``status 500 ...`` | an error with this status |
| ``never stop ...`` | a stream without end |
| anything else | says it back; as a tool call when tools are offered, as JSON when a format is |
"""

import itertools
import json

from stand_in import Conversation, StandIn, pieces


class _Conversation(Conversation):
    def reply(self, request):
        if self.path == "/api/embed":
            self.answer(200, {"model": "llama3.2", "embeddings": [[float(len(request["input"]))]]})
            return
        is_chat = self.path == "/api/chat"
        said = request["messages"][-1]["content"] if is_chat else request["prompt"]
        if said.startswith("status "):
            self.answer(int(said.split()[1]), {"error": f"scripted {said.split()[1]}"})
        elif request.get("stream", True):
            self._stream(request, said, is_chat)
        else:
            self.answer(200, {**_object(_answer(request, said), is_chat), **END})

    def _stream(self, request, said, is_chat):
        self.open_stream("application/x-ndjson")
        never_stops = said.startswith("never stop")
        parts = itertools.repeat({"content": "on and "}) if never_stops else _parts(_answer(request, said))
        for part in parts:
            self._line(_object(part, is_chat))
        self._line({**_object({"content": ""}, is_chat), **END})
        self.end_stream()

    def _line(self, value):
        self.chunk(json.dumps(value).encode() + b"\n")


class OllamaProvider(StandIn):
    """A provider of the Ollama API."""

    conversation = _Conversation


END = {"done": True, "done_reason": "stop", "total_duration": 9, "prompt_eval_count": 7, "eval_count": 5}


def _answer(request, said):
    """The whole answer: the words of the request, in the form that it asks for."""
    if request.get("tools"):
        name = request["tools"][0]["function"]["name"]
        return {"content": "", "tool_calls": [{"function": {"name": name, "arguments": {"said": said}}}]}
    if request.get("format"):
        return {"content": json.dumps({"said": said})}
    return {"content": f"You said: {said}"}


def _parts(answer):
    for piece in pieces(answer["content"]):
        yield {"content": piece}
    if "tool_calls" in answer:
        yield answer


def _object(answer, is_chat):
    said = {"message": {"role": "assistant", **answer}} if is_chat else {"response": answer["content"]}
    return {"model": "llama3.2", "created_at": "2026-01-01T00:00:00.000000001Z", **said, "done": False}
