"""What the providers beside this file share: a server on a loopback port that records what it is sent."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 3
"""Characters in a piece of a stream: placeholders arrive cut."""


def pieces(text):
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


class StandIn:
    """Serves in a thread of its own until it is closed."""

    conversation = None
    """The handler of a connection, a ``Conversation``."""
    path = ""
    """Of the base URL."""

    def __init__(self):
        self.bodies = []
        self.left = threading.Event()
        handler = type("Owned", (self.conversation,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self._server.server_port}{self.path}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Conversation(BaseHTTPRequestHandler):
    """A connection; ``reply`` answers a request."""

    protocol_version = "HTTP/1.1"
    owner = None
    headers_of_all = {}
    """Headers of every whole answer."""

    def do_POST(self):  # noqa: N802, the name is given
        body = self.rfile.read(int(self.headers["content-length"]))
        self.owner.bodies.append(body)
        with self._until_the_client_leaves():
            self.reply(json.loads(body))

    def log_message(self, *_):
        pass

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        headers = {"content-type": "application/json", "content-length": len(body), **self.headers_of_all}
        for name, header in headers.items():
            self.send_header(name, str(header))
        self.end_headers()
        self.wfile.write(body)

    def open_stream(self, media_type):
        self.send_response(200)
        self.send_header("content-type", media_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def end_stream(self):
        self.wfile.write(b"0\r\n\r\n")

    @contextlib.contextmanager
    def _until_the_client_leaves(self):
        try:
            yield
        except OSError:
            self.close_connection = True
            self.owner.left.set()
