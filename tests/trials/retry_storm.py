"""A stall is over, and retries keep the service down all the same; without them it drains its queue."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import envoy_server as server
from box import Box, must
from envoy_server import ADMIN, PROXY

GUIDE = "debugging/retry-storm"
NEEDS = ("curl", "ss", "python3", "awk")
WHEELS = ("envoy",)
RECOVERY = "no-retries"
SHOWS = "SYM SYM->TRIES TRIES TRIES->WORTH WORTH WORTH->GONE GONE GONE->OFF OFF OFF->OK OK".split()
SERVICE = """
    import socket, sys, time

    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=40)
    while True:
        link = listener.accept()[0]
        try:
            head = link.recv(65536).decode().lower()
            time.sleep(0.05)
            print(head.split("x-request-id:")[1].split()[0], flush=True)
            link.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\nok\\n")
        except (OSError, IndexError):
            pass
        link.close()
    """
"""One request at a time, twenty in a second; it works for callers that are gone, for it does not know."""
CALLERS = """
    import threading, time, urllib.request

    def call():
        try:
            urllib.request.urlopen("http://127.0.0.1:18080/app/", timeout=10).read()
        except OSError:
            pass

    while True:
        threading.Thread(target=call, daemon=True).start()
        time.sleep(0.125)
    """
"""Eight requests in a second, less than half of what the service can do."""
version = server.version


def run(box: Box) -> None:
    service, log = _start(box)
    box.keep("the other service", lambda: box.sh(f"curl -s http://{PROXY}/other/"))
    box.run("proof", admin=ADMIN, cluster="app")
    _stall(service)
    box.sh("sleep 6")
    box.run("proof", matches=False, admin=ADMIN, cluster="app")
    told = box.run("tries", admin=ADMIN, cluster="app")
    must(float(told.split()[-1]) > 2, f"each request is tried several times, and told is {told}")
    box.run("worth", admin=ADMIN, cluster="app")
    box.run("policies", admin=ADMIN)
    box.sees(box.sh(f"curl -s http://{PROXY}/app/; cat access.log"))
    must("4 tries" in box.run("same-id", service_log=log, column=1), "no request came in four times")
    box.run("no-retries", admin=ADMIN)
    answered = f"curl -s -o said -w '%{{http_code}}' http://{PROXY}/app/"
    box.until(lambda: box.sh(answered) == "200", seconds=40, what="the queue never drains")
    box.sh("sleep 4")
    box.run("tries", admin=ADMIN, cluster="app")
    box.run("proof", admin=ADMIN, cluster="app")
    _shed(box)
    box.run("some-retries", admin=ADMIN, percent=10)
    box.run("proof", admin=ADMIN, cluster="app")


def _shed(box: Box) -> None:
    """All are turned away, then none."""
    box.run("shed", admin=ADMIN, cluster="app", percent=100)
    must(box.sh(f"curl -s -o said -w '%{{http_code}}' http://{PROXY}/app/") == "503", "nobody is turned away")
    box.run("shed", admin=ADMIN, cluster="app", percent=0)
    must(box.sh(f"curl -s -o said -w '%{{http_code}}' http://{PROXY}/app/") == "200", "it stays closed")
    box.sh("sleep 1")


def _stall(service: subprocess.Popen[str]) -> None:
    """What begins it, and is over."""
    service.send_signal(signal.SIGSTOP)
    subprocess.run(["sleep", "2"], check=True)
    service.send_signal(signal.SIGCONT)


def _start(box: Box) -> tuple[subprocess.Popen[str], Path]:
    box.write("service.py", SERVICE)
    box.write("callers.py", CALLERS)
    service, log = _serve(box, 9101), box.folder / "python3-0.out"
    _serve(box, 9102)
    policy = {"retry_on": "5xx", "num_retries": 3, "per_try_timeout": "0.3s"}
    room = server.limits(max_retries=1000)  # out of the way
    ports = {"app": 9101, "other": 9102}
    clusters = [server.cluster(name, port, circuit_breakers=room) for name, port in ports.items()]
    server.start(box, clusters, routes={"app": {"timeout": "5s", "retry_policy": policy}})
    box.start("python3", "callers.py", ready=lambda: "ok" in box.sh(f"curl -s http://{PROXY}/app/"))
    return service, log


def _serve(box: Box, port: int) -> subprocess.Popen[str]:
    server: subprocess.Popen[str] = box.start(
        "python3", "service.py", str(port), ready=lambda: f":{port}" in box.sh("ss -ltn")
    )
    return server
