"""etcd is not reached or does not answer; two tries behind nginx last longer than their caller waits."""

from __future__ import annotations

import os
import signal

import nginx_server as server
from box import Box, must

GUIDE = "debugging/context-deadline-exceeded"
NEEDS = ("curl", "etcd", "etcdctl", "nginx", "openssl", "ps", "python3", "ss")
RECOVERY = "reload"
SHOWS = (
    "SYM SYM->PHASE PHASE PHASE->AWAY AWAY AWAY->REACH REACH REACH->OK PHASE->SLOW SLOW SLOW->NOBODY LIMITS "
    "LIMITS->SUM SUM SUM->NOBODY NOBODY SUM->ORDER ORDER ORDER->OK OK"
).split()
MEMBER, SLOW, SLOWER, NEIGHBOUR = "127.0.0.1:2379", 9341, 9342, 9343
LIMIT = 5
"""Seconds that the first caller waits; one try behind nginx has less, both together more."""
SETTINGS = """
upstream slow {{ server 127.0.0.1:9341 max_fails=0; server 127.0.0.1:9342 max_fails=0; }}
server {{
  listen 127.0.0.1:8080;
  location /next/ {{ proxy_pass http://127.0.0.1:9343/; }}
  location / {{ proxy_pass http://slow; proxy_read_timeout {one}s; proxy_next_upstream_timeout {all}s; }}
}}
"""
CALLEE = """
    import http.server, sys, time

    class Works(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(float(sys.argv[2]))
            with open(f"done-{sys.argv[1]}", "a") as done:
                done.write("x")
            self.send_response(200)
            self.end_headers()

    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Works).serve_forever()
    """


version = server.version


def run(box: Box) -> None:
    _not_reached(box)
    box.write("callee.py", CALLEE)
    for port, seconds in ((SLOW, 8), (SLOWER, 8), (NEIGHBOUR, 0)):
        box.start(
            "python3",
            "callee.py",
            str(port),
            str(seconds),
            ready=lambda port=port: f":{port}" in _listens(box),
        )
    server.start(box, SETTINGS.format(one=3, all=0))
    box.keep(
        "another location",
        lambda: box.sh("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/next/"),
    )
    _does_not_add_up(box)


def _not_reached(box: Box) -> None:
    """Without TLS, without its certificate, and while it does not answer: the same words."""
    box.sh(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out ca.pem -days 2 -subj /CN=member "
        "-addext subjectAltName=IP:127.0.0.1"
    )
    peers = "http://127.0.0.1:2380"
    etcd = box.start(
        "etcd", "--name", "default", "--data-dir", box.folder / "etcd",
        "--listen-client-urls", f"https://{MEMBER}", "--advertise-client-urls", f"https://{MEMBER}",
        "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
        "--initial-cluster", f"default={peers}", "--cert-file", "ca.pem", "--key-file", "key.pem",
        "--client-cert-auth", "--trusted-ca-file", "ca.pem",
        ready=lambda: ":2379" in _listens(box),
    )  # fmt: skip
    files = {name: box.folder / file for name, file in (("ca_file", "ca.pem"), ("cert_file", "ca.pem"))}
    asked = {"member": MEMBER, "key_file": box.folder / "key.pem", **files}
    short = "etcdctl --dial-timeout=1s --command-timeout=1s"
    box.run("etcd-health", **asked)
    for endpoint in (f"http://{MEMBER}", f"https://{MEMBER}"):
        box.sees(box.sh(f"{short} --endpoints={endpoint} get a"))
    must("SSL" in box.run("phases", url=f"https://{MEMBER}/health"), "the phase of TLS is not told")
    os.kill(etcd.pid, signal.SIGSTOP)
    said = box.sh(
        f"{short} --endpoints=https://{MEMBER} --cacert=ca.pem --cert=ca.pem --key=key.pem endpoint health"
    )
    os.kill(etcd.pid, signal.SIGCONT)
    must("context deadline exceeded" in said, f"a member that does not answer says {said!r}")
    box.until(lambda: "is healthy" in box.run("etcd-health", **asked), what="it is not well again")


def _does_not_add_up(box: Box) -> None:
    url = "http://127.0.0.1:8080/"
    alone = box.run("phases", url=f"http://127.0.0.1:{SLOW}/")
    must("connect 0.000000" not in alone, f"it is not reached: {alone}")
    box.run("proof", matches=False, limit=LIMIT, url=url)
    for port in (SLOW, SLOWER):
        must(f":{port}" in box.run("abandoned", port=port), f"work for nobody at {port} is not told")
        box.until(lambda port=port: (box.folder / f"done-{port}").exists(), what="the work has stopped")
    must("proxy_next_upstream_timeout 0s" in box.run("limits"), "the limits are not told")
    server.configure(box, SETTINGS.format(one=2, all=3))
    box.run("test-config")
    box.run("reload")
    box.until(lambda: _workers(box) == 1, what="the old worker does not end")
    must("504 total" in box.run("proof", limit=LIMIT, url=url), "nginx is not the one that answers")


def _listens(box: Box) -> str:
    listed: str = box.sh("ss -ltn")
    return listed


def _workers(box: Box) -> int:
    """Processes that serve; an old one ends with its last request."""
    listed: str = box.sh("ps -C nginx -o args=")
    return listed.count("worker process")
