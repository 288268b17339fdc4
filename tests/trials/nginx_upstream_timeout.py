"""An application behind nginx does not answer in time; beside it others stall, close, or are not there."""

from __future__ import annotations

import nginx_server as server
from box import Box, must

GUIDE = "debugging/nginx-upstream-timeout"
NEEDS = ("nginx", "curl", "ss", "python3")
RECOVERY = "reload"
SHOWS = (
    "SYM SYM->LOG CUT CUT->LOG BAD BAD->LOG LOG LOG->HEAD HEAD LOG->BODY BODY LOG->REF REF HEAD->CURL "
    "QUEUE CURL OK"
).split()
APPLICATION = """
import socket, threading, time

def serve(port, answer):
    listener = socket.create_server(("127.0.0.1", port))
    def loop():
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()

def slow(link):
    asked = link.recv(65536)
    if b"/slow" in asked:
        time.sleep(30)
    link.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\nok\\n")
    link.close()

def stall(link):
    link.recv(65536)
    link.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 50000\\r\\n\\r\\n" + b"x" * 5000)
    time.sleep(30)

def close(link):
    link.recv(65536)
    link.close()

serve(8081, slow)
serve(8082, stall)
serve(8083, close)
time.sleep(600)
"""
SETTINGS = """
proxy_read_timeout 2s; proxy_connect_timeout 2s; proxy_send_timeout 2s;
server {{
  listen 127.0.0.1:8080;
  location /app/ {{ proxy_pass http://127.0.0.1:{port}/; }}
  location /stall/ {{ proxy_pass http://127.0.0.1:8082/; }}
  location /close/ {{ proxy_pass http://127.0.0.1:8083/; }}
  location /refused/ {{ proxy_pass http://127.0.0.1:8099/; }}
}}
"""
version = server.version


def run(box: Box) -> None:
    box.write("application.py", APPLICATION)
    box.start("python3", box.folder / "application.py", ready=lambda: ":8083" in box.sh("ss -ltn"))
    log = server.start(box, SETTINGS.format(port=8081))
    box.keep("another location", lambda: box.sh("curl -sS http://127.0.0.1:8080/app/ok"))
    codes = {part: _code(box, part) for part in ("app", "stall", "close", "refused")}
    wanted = {"app": "504", "stall": "200", "close": "502", "refused": "502"}
    must(codes == wanted, f"the faults answer otherwise: {codes}")
    box.sees(log.read_text())
    box.run("phases", error_log=log)
    box.run("upstreams", error_log=log)
    past = {"seconds": 3, "site": "127.0.0.1", "upstream_url": "http://127.0.0.1:8081/slow"}
    box.run("past-nginx", **past)
    box.run("accept-queue", port=8081)
    box.run("through-nginx", matches=False, seconds=5, url="http://127.0.0.1:8080/app/slow")
    server.configure(box, SETTINGS.format(port=8084))
    _quick(box)
    box.run("test-config")
    box.run("reload")
    box.sh("sleep 1")
    box.run("through-nginx", seconds=5, url="http://127.0.0.1:8080/app/slow")


def _code(box: Box, part: str) -> str:
    code: str = box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' http://127.0.0.1:8080/{part}/slow")
    return code


def _quick(box: Box) -> None:
    """The application mended: one that answers at once."""
    answer = "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\nok\\n"
    program = (
        "import socket\n"
        "listener = socket.create_server(('127.0.0.1', 8084))\n"
        "while True:\n"
        "    link = listener.accept()[0]\n"
        "    link.recv(65536)\n"
        f"    link.sendall(b'{answer}')\n"
        "    link.close()\n"
    )
    box.write("quick.py", program)
    box.start("python3", box.folder / "quick.py", ready=lambda: ":8084" in box.sh("ss -ltn"))
