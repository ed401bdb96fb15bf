"""A server of the Anthropic API on a loopback port: records requests, answers by the last message.

| Said last | Answer |
| --- | --- |
| ``status 429 ...`` | an error with this status |
| ``never stop ...`` | a stream without end |
| ``think ...`` | says it back after a signed thought |
| anything else | says it back; as a tool call when tools are offered, as JSON when a schema is |
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 3
"""Characters in a delta: placeholders arrive in pieces."""

SIGNATURE = "EqQBCgIYAhIM" * 20


class AnthropicProvider:
    """Serves in a thread of its own until it is closed."""

    def __init__(self):
        self.bodies = []
        self.left = threading.Event()
        provider = self

        class Conversation(_Conversation):
            owner = provider

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Conversation)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.owner.bodies.append(body)
        request = json.loads(body)
        said = _text(request["messages"][-1]["content"])
        if self.path.split("?")[0] == "/v1/messages/count_tokens":
            self._answer(200, {"input_tokens": 14})
        elif said.startswith("status "):
            status = int(said.split()[1])
            error = {"type": "scripted", "message": f"scripted {status}"}
            self._answer(status, {"type": "error", "error": error, "request_id": "req_far"})
        elif said.startswith("never stop"):
            self._never_stop()
        elif request.get("stream"):
            self._stream(_blocks(request, said))
        else:
            self._answer(200, _message(_blocks(request, said)))

    def log_message(self, *_):
        pass

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("request-id", "req_far")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, blocks):
        self._open_stream()
        for index, block in enumerate(blocks):
            for event in _block_events(block):
                self._event({**event, "index": index})
        whole = _message(blocks)
        delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
        self._event({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 5}})
        self._event({"type": "message_stop"})
        self.wfile.write(b"0\r\n\r\n")

    def _never_stop(self):
        self._open_stream()
        try:
            self._event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
            while True:
                delta = {"type": "text_delta", "text": "on and "}
                self._event({"type": "content_block_delta", "index": 0, "delta": delta})
        except OSError:
            self.close_connection = True
            self.owner.left.set()

    def _open_stream(self):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        begun = {**_message([]), "stop_reason": None, "usage": {**USAGE, "output_tokens": 1}}
        self._event({"type": "message_start", "message": begun})
        self._event({"type": "ping"})

    def _event(self, data):
        event = f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))


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


def _block_events(block):
    empty, member, whole = {
        "text": lambda: ({"text": ""}, "text", block["text"]),
        "thinking": lambda: ({"thinking": "", "signature": ""}, "thinking", block["thinking"]),
        "tool_use": lambda: ({"input": {}}, "partial_json", json.dumps(block["input"])),
    }[block["type"]]()
    yield {"type": "content_block_start", "content_block": {**block, **empty}}
    kind = {"text": "text_delta", "thinking": "thinking_delta", "partial_json": "input_json_delta"}[member]
    for at in range(0, len(whole), PIECE):
        yield {"type": "content_block_delta", "delta": {"type": kind, member: whole[at : at + PIECE]}}
    if "signature" in block:
        yield {"type": "content_block_delta", "delta": {"type": "signature_delta", "signature": block["signature"]}}
    yield {"type": "content_block_stop"}
