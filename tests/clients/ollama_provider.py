"""A server of the Ollama API on a loopback port: records requests, answers by the last message or the prompt.

| Said last | Answer |
| --- | --- |
| ``status 500 ...`` | an error with this status |
| ``never stop ...`` | a stream without end |
| anything else | says it back; as a tool call when tools are offered, as JSON when a format is |
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 3
"""Characters in a line: placeholders arrive in pieces."""


class OllamaProvider:
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

    def do_POST(self):  # noqa: N802, the name is given
        body = self.rfile.read(int(self.headers["content-length"]))
        self.owner.bodies.append(body)
        request = json.loads(body)
        is_chat = self.path == "/api/chat"
        said = request["messages"][-1]["content"] if is_chat else request["prompt"]
        if said.startswith("status "):
            self._answer(int(said.split()[1]), {"error": f"scripted {said.split()[1]}"})
        elif said.startswith("never stop"):
            self._never_stop()
        elif request.get("stream", True):
            self._open_stream()
            for piece in _pieces(_answer(request, said)):
                self._line(_object(piece, is_chat))
            self._line({**_object({"content": ""}, is_chat), **END})
            self.wfile.write(b"0\r\n\r\n")
        else:
            self._answer(200, {**_object(_answer(request, said), is_chat), **END})

    def log_message(self, *_):
        pass

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _never_stop(self):
        self._open_stream()
        try:
            while True:
                self._line(_object({"content": "on and "}, True))
        except OSError:
            self.close_connection = True
            self.owner.left.set()

    def _open_stream(self):
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _line(self, value):
        line = json.dumps(value).encode() + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))


END = {"done": True, "done_reason": "stop", "total_duration": 9, "prompt_eval_count": 7, "eval_count": 5}


def _answer(request, said):
    """The whole answer: the words of the request, in the form that it asks for."""
    if request.get("tools"):
        name = request["tools"][0]["function"]["name"]
        return {"content": "", "tool_calls": [{"function": {"name": name, "arguments": {"said": said}}}]}
    if request.get("format"):
        return {"content": json.dumps({"said": said})}
    return {"content": f"You said: {said}"}


def _pieces(answer):
    content = answer["content"]
    for at in range(0, len(content), PIECE):
        yield {"content": content[at : at + PIECE]}
    if "tool_calls" in answer:
        yield answer


def _object(answer, is_chat):
    said = {"message": {"role": "assistant", **answer}} if is_chat else {"response": answer["content"]}
    return {"model": "llama3.2", "created_at": "2026-01-01T00:00:00.000000001Z", **said, "done": False}
