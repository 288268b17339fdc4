"""Nobody listens behind nginx, at a port, in a group, at a socket file: the application is started."""

from __future__ import annotations

import socket

import nginx_server as server
from box import Box, must

GUIDE = "debugging/nginx-connect-refused"
NEEDS = ("nginx", "curl", "ss", "python3")
RECOVERY = "start the application"
APP = 9301
APPLICATION = """
    import http.server, sys

    class Ok(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Ok).serve_forever()
    """
SETTINGS = """
upstream group {{ server 127.0.0.1:9302 fail_timeout=5s; server 127.0.0.1:9303 fail_timeout=5s; }}
server {{
  listen 127.0.0.1:8080;
  location /app/ {{ proxy_pass http://127.0.0.1:{app}/; }}
  location /next/ {{ proxy_pass http://127.0.0.1:9300/; }}
  location /group/ {{ proxy_pass http://group/; }}
  location /gone/ {{ proxy_pass http://unix:{folder}/gone.sock:/; }}
  location /closed/ {{ proxy_pass http://unix:{folder}/closed.sock:/; }}
}}
"""
version = server.version


def run(box: Box) -> None:
    box.write("application.py", APPLICATION)
    _serve(box, 9300)
    closed = box.folder / "closed.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(closed))
        listener.listen()
        closed.chmod(0o600)
        log = server.start(box, SETTINGS.format(folder=box.folder, app=APP))
        box.keep("another location", lambda: _code(box, "next"))
        codes = {_code(box, part) for part in ("app", "app", "group", "group", "gone", "closed")}
    must(codes == {"502"}, f"the faults answer otherwise: {codes}")
    box.sees(log.read_text())
    told = box.run("refused", error_log=log)
    for words in (
        "2 connect() failed (111",
        "no live upstreams",
        "failed (2: No such",
        "failed (13: Permission",
    ):
        must(words in told, f"{words} is not told: {told}")
    must(len(box.run("listeners", port=APP).splitlines()) == 1, "somebody listens")
    must(
        "000" in box.run("past-nginx", upstream_url=f"http://127.0.0.1:{APP}/"),
        "it is not refused past nginx",
    )
    box.run("socket", matches=False, socket=box.folder / "gone.sock")
    must(box.run("socket", socket=closed).startswith("srw-------"), "the mode of the socket is not told")
    box.run("through-nginx", matches=False, url="http://127.0.0.1:8080/app/")
    if box.does(RECOVERY):
        _serve(box, APP)
    box.run("listeners", port=APP)
    box.run("past-nginx", upstream_url=f"http://127.0.0.1:{APP}/")
    box.run("test-config")
    box.run("reload")
    box.run("through-nginx", url="http://127.0.0.1:8080/app/")


def _serve(box: Box, port: int) -> None:
    box.start("python3", "application.py", str(port), ready=lambda: f":{port}" in box.sh("ss -ltn"))


def _code(box: Box, part: str) -> str:
    code: str = box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' http://127.0.0.1:8080/{part}/")
    return code
