"""A server of no engine at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Fake:
    """A server that says whatever a test wants; ``seen`` are the paths asked for."""

    def __init__(self) -> None:
        self.say: Callable[[BaseHTTPRequestHandler], None] = lambda handler: None
        self.seen: list[str] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.seen.append(self.path)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fake.say(self)

            do_POST = do_GET  # noqa: N815  # the name is the library's

            def log_message(self, *words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def answers(self, body: Any, status: int = 200, **headers: str) -> None:
        """Answer every request with this body, as it is or as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()

        def say(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)

        self.say = say

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
