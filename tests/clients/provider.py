"""A provider of the OpenAI API on a loopback port: records requests, answers by the last message.

Responses are those of the module beside it.

| Last user message | Answer |
| --- | --- |
| ``status 429 ...`` | an error with this status |
| ``never stop ...`` | a stream without end |
| anything else | says it back; as a tool call when tools are offered, as JSON when a schema is |
"""

import base64
import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai_responses as responses

DELTA = 3
"""Characters in a delta: placeholders arrive in pieces."""


class Provider:
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
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner = None

    def do_POST(self):  # noqa: N802, the name is given
        body = self.rfile.read(int(self.headers["content-length"]))
        self.owner.bodies.append(body)
        request = json.loads(body)
        if self.path == "/v1/embeddings":
            self._answer(200, _vectors(request))
            return
        if self.path == "/v1/completions":
            self._complete(request["prompt"], request.get("stream"))
            return
        is_response = self.path == "/v1/responses"
        said = responses.said(request) if is_response else request["messages"][-1]["content"]
        if said.startswith("status "):
            self._refuse(int(said.split()[1]))
        elif said.startswith("never stop"):
            self._never_stop()
        elif is_response and request.get("stream"):
            self._stream_response(request)
        elif is_response:
            self._answer(200, responses.answer(request))
        elif request.get("stream"):
            self._stream(request, said)
        else:
            self._answer(200, _completion(_message(request, said)))

    def log_message(self, *_):
        pass

    def _refuse(self, status):
        error = {"message": f"scripted {status}", "type": "scripted", "param": "p", "code": "c"}
        self._answer(status, {"error": error})

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, request, said):
        self._open_stream()
        for delta in _deltas(_message(request, said)):
            self._event(json.dumps(_chunk(delta)))
        reason = "tool_calls" if request.get("tools") else "stop"
        self._event(json.dumps(_chunk({}, reason)))
        if request.get("stream_options", {}).get("include_usage"):
            self._event(json.dumps({**_chunk({}), "choices": [], "usage": USAGE}))
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _complete(self, prompt, stream):
        if not stream:
            self._answer(200, {**_text(f"You said: {prompt}", "stop"), "usage": USAGE})
            return
        self._open_stream()
        for part in _parts(f"You said: {prompt}"):
            self._event(json.dumps(_text(part)))
        self._event(json.dumps(_text("", "stop")))
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _stream_response(self, request):
        self._open_stream()
        for name, data in responses.events(request):
            self._event(data, name)
        self.wfile.write(b"0\r\n\r\n")

    def _never_stop(self):
        self._open_stream()
        try:
            while True:
                self._event(json.dumps(_chunk({"content": "on and "})))
        except OSError:
            self.close_connection = True
            self.owner.left.set()

    def _open_stream(self):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _event(self, data, name=None):
        head = f"event: {name}\n" if name else ""
        event = f"{head}data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))


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
        for part in _parts(call["function"]["arguments"]):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}
    for part in _parts(message["content"] or ""):
        yield {"content": part}


def _parts(text):
    return [text[at : at + DELTA] for at in range(0, len(text), DELTA)]


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
