"""An application hangs up on nginx: it dies, speaks TLS, closes what is idle; nginx lets go first."""

from __future__ import annotations

from collections.abc import Callable

import nginx_server as server
from box import Box, must

GUIDE = "debugging/nginx-premature-close"
NEEDS = ("nginx", "curl", "ss", "openssl", "python3")
RECOVERY = "let nginx go first"
SHOWS = (
    "SYM SYM->LOG LOG CUT CUT->LOG LOG->PAST PAST PAST->DIED DIED PAST->PROTO PROTO PROTO->SCHEME SCHEME "
    "SCHEME->OK PAST->RACE RACE RACE->ORDER ORDER ORDER->OK OK SYM->WAIT WAIT"
).split()
APPLICATION = """
    import re, socket, ssl, struct, sys, threading, time

    def asked(door):
        data = b""
        while b"\\r\\n\\r\\n" not in data:
            more = door.recv(65536)
            if not more:
                return None
            data += more
        head, _, body = data.partition(b"\\r\\n\\r\\n")
        size = re.search(rb"(?i)content-length: (\\d+)", head)
        while size and len(body) < int(size[1]):
            body += door.recv(65536)
        return head.split()[1].decode()

    def serve(door):
        last = None
        while path := asked(door):
            if path.startswith("/dies") or last and time.monotonic() - last > IDLE:
                break
            if path.startswith("/reset"):
                door.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
            size = 100 if path.startswith("/half") else 2
            door.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\nok" % size)
            if size == 100:
                break
            last = time.monotonic()
        door.close()

    def meet(door):
        try:
            serve(TLS.wrap_socket(door, server_side=True) if TLS else door)
        except OSError:
            door.close()

    IDLE = float(sys.argv[2])
    TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if sys.argv[3:] else None
    if TLS:
        TLS.load_cert_chain("own.pem", "own.key")
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        threading.Thread(target=meet, args=(listener.accept()[0],), daemon=True).start()
    """
SETTINGS = """
proxy_read_timeout {wait}s;
proxy_http_version 1.1;
proxy_set_header Connection "";
upstream kept {{ server 127.0.0.1:9401; keepalive 8; {timeout} }}
server {{
  listen 127.0.0.1:8080;
  location /app/ {{ proxy_pass http://127.0.0.1:9401/; }}
  location /kept/ {{ proxy_pass http://kept/; }}
  location /tls/ {{ proxy_pass {scheme}://127.0.0.1:9402/; }}
}}
"""
IDLE = 1.5
version = server.version


def run(box: Box) -> None:
    box.sh("openssl req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.pem -subj /CN=localhost")
    box.write("application.py", APPLICATION)
    for port, tls in ((9401, ()), (9402, ("tls",))):
        box.start("python3", "application.py", str(port), str(IDLE), *tls, ready=_listens(box, port))
    log = server.start(box, SETTINGS.format(wait=60, timeout="", scheme="http"))
    box.keep("a request that was always good", lambda: _code(box, "app/"))
    codes = [_code(box, part) for part in ("app/dies", "app/dies", "app/reset", "app/half", "tls/")]
    must(codes == ["502", "502", "502", "200", "502"], f"the faults answer otherwise: {codes}")
    must(_again(box) == ("200", "502"), "a GET is not repeated, or a POST is")
    for line in log.read_text().splitlines():
        box.sees(line)
    _told(box, str(log))
    _mend(box)
    box.run("through-nginx", url="http://127.0.0.1:8080/tls/")
    before = log.read_text()
    must(_again(box) == ("200", "200"), "a kept connection still fails")
    must(log.read_text() == before, "the log has a new line")


def _told(box: Box, log: str) -> None:
    """The counts, the request past nginx, the protocol of the port."""
    told = box.run("by-request", error_log=log)
    for words in ("2 upstream prematurely closed connection  while reading response header", "POST /kept/",
                  "while reading upstream  GET /app/half", "recv() failed (104"):  # fmt: skip
        must(words in told, f"{words} is not told: {told}")
    must("(52)" in box.run("past-nginx", upstream_url="http://127.0.0.1:9401/dies"), "no empty reply")
    must("(56)" in box.run("past-nginx", upstream_url="http://127.0.0.1:9402/"), "a TLS port answers")
    must("200 2" in box.run("past-nginx", upstream_url="http://127.0.0.1:9401/"), "it does not answer")
    where = {"upstream_host": "127.0.0.1"}
    must("SSL conn" in box.run("speaks-tls", upstream_port=9402, **where), "a TLS port shows nothing")
    must("curl: (" in box.run("speaks-tls", upstream_port=9401, **where), "a plain port shows TLS")
    log = str(box.write("app.log", "[2026-11-30] [811] [CRITICAL] WORKER TIMEOUT (pid:902)\n"))
    must("WORKER TIMEOUT" in box.run("worker-ends", application_log=log), "the end of a worker is not told")


def _mend(box: Box) -> None:
    """First a longer timeout, which changes nothing; then what the page says."""
    server.configure(box, SETTINGS.format(wait=600, timeout="", scheme="https"))
    box.run("test-config")
    box.run("reload")
    box.sh("sleep 1")
    must(_code(box, "app/dies") == "502" and _again(box)[1] == "502", "a longer timeout helps")
    if box.does(RECOVERY):
        server.configure(box, SETTINGS.format(wait=60, timeout="keepalive_timeout 1s;", scheme="https"))
    box.run("test-config")
    box.run("reload")
    box.sh("sleep 1")


def _again(box: Box) -> tuple[str, str]:
    """A GET and a POST, each on a connection that has been idle for longer than the application keeps it."""
    codes = []
    for more in ("", "-d x=1 "):
        _code(box, "kept/")
        box.sh(f"sleep {IDLE + 0.3}")
        codes.append(_code(box, "kept/", more))
    return codes[0], codes[1]


def _code(box: Box, part: str, more: str = "") -> str:
    code: str = box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' {more}http://127.0.0.1:8080/{part}")
    return code


def _listens(box: Box, port: int) -> Callable[[], bool]:
    return lambda: f":{port}" in box.sh("ss -ltn")
