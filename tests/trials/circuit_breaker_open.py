"""A slow service fills the limits of Envoy, which refuses the rest, until it is quick or has more room."""

from __future__ import annotations

import subprocess

import envoy_server as server
from box import Box, must
from envoy_server import ADMIN, PROXY

GUIDE = "debugging/circuit-breaker-open"
NEEDS = ("curl", "ss", "python3", "awk")
WHEELS = ("envoy",)
RECOVERY = "mend the dependency"
SHOWS = (
    "SYM SYM->WHICH WHICH WHICH->LIMIT LIMIT LIMIT->ASK ASK ASK->SICK SICK SICK->MEND MEND MEND->OK OK "
    "ASK->FINE FINE FINE->ROOM ROOM ROOM->OK"
).split()
SERVICE = """
    import http.server, sys, time

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(float(sys.argv[2]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
    """
CALLERS = f"for n in {{1..6000}}; do curl -s -m 9 http://{PROXY}/app/ >> callers.log & sleep 0.1; done"
"""Ten calls in a second; what they are told goes into their log."""
version = server.version


def run(box: Box) -> None:
    slow = _start(box)
    box.keep("the other service", lambda: box.sh(f"curl -s -w '%{{http_code}}' http://{PROXY}/other/"))
    box.begin(CALLERS)
    log = box.folder / "callers.log"
    box.until(lambda: log.exists() and "overflow" in log.read_text(), what="nothing is refused")
    box.sees(log.read_text())
    box.run("which", app_log=log)
    told = box.run("ask", dependency_url="http://127.0.0.1:9101/")
    must(all(float(line.split()[1]) >= 2 for line in told.splitlines()), f"it is slow, and told is {told}")
    must("max_connections::4" in box.run("limits", admin=ADMIN, cluster="app"), "the limit is not shown")
    must("rq_pending_open: 1" in box.run("refused", admin=ADMIN, cluster="app"), "no limit is full")
    box.run("proof", matches=False, admin=ADMIN, cluster="app")
    if box.does(RECOVERY):
        slow.kill()
        slow.wait()
        slow = _serve(box, 9101, 0.02)
    box.sh("sleep 3")
    box.run("proof", admin=ADMIN, cluster="app")
    _raise(box, slow)


def _raise(box: Box, quick: subprocess.Popen[str]) -> None:
    """Slower, with nothing wrong: it takes more places, and has them."""
    quick.kill()
    quick.wait()
    _serve(box, 9101, 1)
    box.sh("sleep 2")
    box.run("proof", matches=False, admin=ADMIN, cluster="app")
    box.run("raise", admin=ADMIN, cluster="app", number=20)
    must("max_connections::20" in box.run("limits", admin=ADMIN, cluster="app"), "the limit is as before")
    box.sh("sleep 1")
    box.run("proof", admin=ADMIN, cluster="app")


def _start(box: Box) -> subprocess.Popen[str]:
    box.write("service.py", SERVICE)
    slow = _serve(box, 9101, 2)
    _serve(box, 9102, 0)
    room = server.limits(max_connections=4, max_pending_requests=2)
    ports = {"app": 9101, "other": 9102}
    server.start(box, [server.cluster(name, port, circuit_breakers=room) for name, port in ports.items()])
    return slow


def _serve(box: Box, port: int, wait: float) -> subprocess.Popen[str]:
    listening = f"127.0.0.1:{port} "
    server: subprocess.Popen[str] = box.start(
        "python3", "service.py", str(port), str(wait), ready=lambda: listening in box.sh("ss -ltn")
    )
    return server
