"""A program that looks like a service from outside: for tests of what starts and stops services."""

import json
import os
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answers(BaseHTTPRequestHandler):
    """Ready at once; makes API keys without remembering them."""

    def do_GET(self) -> None:
        """Every path is fine."""
        self._answer({"status": "ready", "service": os.environ["RAPPORT_SERVICE"]})

    def do_POST(self) -> None:
        """A new key for whoever asks."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"key": "rk_" + secrets.token_hex(8)})

    def _answer(self, body: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["RAPPORT_HTTP_PORT"])), Answers).serve_forever()
