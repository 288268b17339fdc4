"""Two services in a row, the second of which holds up some requests; an id leads there through the logs."""

from __future__ import annotations

import subprocess

import envoy_server as server
from box import Box, must
from envoy_server import ADMIN, PROXY

GUIDE = "debugging/one-request"
NEEDS = ("curl", "ss", "python3", "awk")
WHEELS = ("envoy",)
RECOVERY = "mend the second service"
SHOWS = (
    "SYM SYM->SHAPE SHAPE SHAPE->LOG LOG LOG->LINES LINES LINES->GAP GAP GAP->MEND MEND MEND->OK OK"
).split()
SERVICE = """
    import datetime, http.server, sys, time, urllib.request

    name, port, behind, wait = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    asked = 0

    def log(id, what):
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with open(f"{name}.log", "a") as file:
            file.write(f"{now} {id} {name} {what}\\n")

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            global asked
            asked += 1
            id = self.headers["x-request-id"]
            log(id, "in")
            if behind != "-":
                urllib.request.urlopen(urllib.request.Request(behind, headers={"x-request-id": id})).read()
            elif asked % 10 == 0:
                time.sleep(wait)
            time.sleep(0.005)  # in one millisecond lines may stand in any order
            log(id, "out")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer).serve_forever()
    """
version = server.version


def run(box: Box) -> None:
    second = _start(box)
    log = box.folder / "access.log"
    box.keep("the other service", lambda: box.sh(f"curl -s -w '%{{http_code}}' http://{PROXY}/other/"))
    _ask(box, 60)
    box.sh("sleep 6")
    box.run("shape", admin=ADMIN, cluster="a")
    took, behind, status, _, id, *_ = box.run("slowest", access_log=log).splitlines()[0].split()
    must(int(took) >= 1000 and int(behind) >= 1000 and status == "200", f"the slowest took {took}, {behind}")
    lines = box.run("gaps", request_id=id, logs="a.log b.log").splitlines()
    largest = max(lines, key=lambda line: float(line.split()[0]))
    must(len(lines) == 4 and largest.endswith("b out"), f"the gap is not before the end of b: {lines}")
    box.run("own", new_id="on-call-1", url=f"http://{PROXY}/a/")
    must("on-call-1" in box.run("gaps", request_id="on-call-1", logs="a.log b.log"), "my own id is lost")
    box.sh("sleep 1")
    box.run("proof", matches=False, access_log=log, lines=60, milliseconds=900)
    if box.does(RECOVERY):
        second.kill()
        second.wait()
        _serve(box, "b", 9102, "-", 0)
    _ask(box, 60)
    box.sh("sleep 1")
    box.run("proof", access_log=log, lines=60, milliseconds=900)


def _ask(box: Box, times: int) -> None:
    box.sh(f"curl -s 'http://{PROXY}/a/?[1-{times}]'")


def _start(box: Box) -> subprocess.Popen[str]:
    box.write("service.py", SERVICE)
    second = _serve(box, "b", 9102, "-", 1)
    _serve(box, "a", 9101, "http://127.0.0.1:9102/", 0)
    _serve(box, "other", 9103, "-", 0)
    server.start(box, [server.cluster("a", 9101), server.cluster("other", 9103)])
    return second


def _serve(box: Box, name: str, port: int, behind: str, wait: float) -> subprocess.Popen[str]:
    listening = f"127.0.0.1:{port} "
    argv = ("bin/python", "service.py", name, str(port), behind, str(wait))
    server: subprocess.Popen[str] = box.start(*argv, ready=lambda: listening in box.sh("ss -ltn"))
    return server
