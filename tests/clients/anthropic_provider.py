"""A server of the Anthropic API on a loopback port: records requests, answers by the last message.

| Said last | Answer |
| --- | --- |
| ``status 429 ...`` | an error with this status |
| ``never stop ...`` | a stream without end |
| ``think ...`` | says it back after a signed thought |
| anything else | says it back; as a tool call when tools are offered, as JSON when a schema is |
"""

import itertools
import json

from stand_in import Conversation, StandIn, pieces

SIGNATURE = "EqQBCgIYAhIM" * 20


class _Conversation(Conversation):
    headers_of_all = {"request-id": "req_far"}

    def reply(self, request):
        said = _text(request["messages"][-1]["content"])
        if self.path.split("?")[0] == "/v1/messages/count_tokens":
            self.answer(200, {"input_tokens": 14})
        elif said.startswith("status "):
            status = int(said.split()[1])
            error = {"type": "scripted", "message": f"scripted {status}"}
            self.answer(status, {"type": "error", "error": error, "request_id": "req_far"})
        elif request.get("stream"):
            self._stream(_blocks(request, said), said.startswith("never stop"))
        else:
            self.answer(200, _message(_blocks(request, said)))

    def _stream(self, blocks, never_stops):
        self.open_stream("text/event-stream; charset=utf-8")
        begun = {**_message([]), "stop_reason": None, "usage": {**USAGE, "output_tokens": 1}}
        self._event({"type": "message_start", "message": begun})
        self._event({"type": "ping"})
        for index, block in enumerate(blocks):
            for event in _block_events(block, never_stops):
                self._event({**event, "index": index})
        whole = _message(blocks)
        delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
        self._event({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 5}})
        self._event({"type": "message_stop"})
        self.end_stream()

    def _event(self, data):
        self.chunk(f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode())


class AnthropicProvider(StandIn):
    """A provider of the Anthropic API."""

    conversation = _Conversation


USAGE = {"input_tokens": 7, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 5}


def _text(content):
    """What a message says; the content of a tool's result counts."""
    if isinstance(content, str):
        return content
    texts = [block.get("text") or block.get("content") for block in content]
    return next((text for text in reversed(texts) if isinstance(text, str)), "")


def _blocks(request, said):
    """The whole answer: the words of the request, in the form that it asks for."""
    if said.startswith("think "):
        thought = {"type": "thinking", "thinking": f"They said: {said}", "signature": SIGNATURE}
        return [thought, {"type": "text", "text": f"You said: {said}"}]
    if request.get("tools"):
        return [{"type": "tool_use", "id": "toolu_1", "name": request["tools"][0]["name"], "input": {"said": said}}]
    if "format" in request.get("output_config", request.get("output_format", {})):
        return [{"type": "text", "text": json.dumps({"said": said})}]
    return [{"type": "text", "text": f"You said: {said}"}]


def _message(blocks):
    reason = "tool_use" if any(block["type"] == "tool_use" for block in blocks) else "end_turn"
    head = {"id": "msg_far", "type": "message", "role": "assistant", "model": "claude-far"}
    return {**head, "content": blocks, "stop_reason": reason, "stop_sequence": None, "usage": USAGE}


def _block_events(block, never_stops):
    empty, member, whole = {
        "text": lambda: ({"text": ""}, "text", block["text"]),
        "thinking": lambda: ({"thinking": "", "signature": ""}, "thinking", block["thinking"]),
        "tool_use": lambda: ({"input": {}}, "partial_json", json.dumps(block["input"])),
    }[block["type"]]()
    yield {"type": "content_block_start", "content_block": {**block, **empty}}
    kind = {"text": "text_delta", "thinking": "thinking_delta", "partial_json": "input_json_delta"}[member]
    for piece in itertools.repeat("on and ") if never_stops else pieces(whole):
        yield {"type": "content_block_delta", "delta": {"type": kind, member: piece}}
    if "signature" in block:
        yield {"type": "content_block_delta", "delta": {"type": "signature_delta", "signature": block["signature"]}}
    yield {"type": "content_block_stop"}
