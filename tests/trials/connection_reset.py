"""A server closes with unread data, a connection is forgotten while idle: who sent the reset is told."""

from __future__ import annotations

import re
import subprocess

from box import Box, must

GUIDE = "debugging/connection-reset"
NEEDS = ("curl", "ip", "nft", "nstat", "ps", "python3", "ss", "sysctl", "tcpdump", "timeout")
RECOVERY = "read the whole request before closing"
SHOWS = (
    "SYM SYM->WHO WHO WHO->COUNT COUNT COUNT->UNREAD UNREAD UNREAD->FIX FIX FIX->OK OK SYM->TWICE TWICE "
    "COUNT->GONE GONE GONE->IDLE WHO->MIDDLE MIDDLE MIDDLE->IDLE IDLE IDLE->ORDER"
).split()
HERE, RESETS, FORGETS, NEIGHBOUR = "192.0.2.10", 9321, 9322, 9300
SERVER = """
    import socket, sys

    # Does the work of a request, and closes; how much of it is read is the first argument.
    listener = socket.create_server(("192.0.2.10", 9321))
    while True:
        caller, _ = listener.accept()
        with caller:
            caller.recv(int(sys.argv[1]))
            with open("done", "a") as done:
                done.write("x")
            if int(sys.argv[1]) > 99:
                caller.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    """
IDLE = """
    import socket, threading

    def serve(caller):
        caller.settimeout(2)
        try:
            while caller.recv(1000):
                caller.sendall(b"x")
        except TimeoutError:
            caller.close()

    listener = socket.create_server(("192.0.2.10", 9322))
    while True:
        threading.Thread(target=serve, args=listener.accept()[:1]).start()
    """
CLIENT = """
    import socket, sys, time

    called = socket.create_connection(("192.0.2.10", 9322))
    called.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for pause in sys.argv[1:]:
        time.sleep(float(pause))
        called.sendall(b"x")
        print(called.recv(9) == b"x", flush=True)
    """


def version(box: Box) -> str:
    return f"Linux {box.sh('uname -r').split('-')[0]}"


def run(box: Box) -> None:
    subprocess.run(["ip", "addr", "add", f"{HERE}/32", "dev", "lo"], check=True)
    box.write("server.py", SERVER)
    box.write("idle.py", IDLE)
    box.write("client.py", CLIENT)
    box.start(
        "python3", "-m", "http.server", str(NEIGHBOUR), "--bind", HERE, ready=lambda: _up(box, NEIGHBOUR)
    )
    box.keep("a neighbour", lambda: box.sh(f"curl -s -o /dev/null -w '%{{http_code}}' {_url(NEIGHBOUR)}"))
    _unread(box)
    box.start("python3", "idle.py", ready=lambda: _up(box, FORGETS))
    _forgotten(box)
    _keep_alive(box)


def _unread(box: Box) -> None:
    """It has done the work and resets all the same: whoever retries has it done twice."""
    server = box.start("python3", "server.py", "10", ready=lambda: _up(box, RESETS))
    done = box.folder / "done"
    before = _count(box, "TcpExtTCPAbortOnClose")
    box.sees(box.sh(f"curl -sS -d order=1 {_url(RESETS)}"))
    must(done.read_text() == "x", "the request was not carried out")
    box.sh(f"curl -sS -d order=1 {_url(RESETS)}")
    must(done.read_text() == "xx", "a retry is not carried out twice")
    must(_count(box, "TcpExtTCPAbortOnClose") > before, "what was not read is not counted")
    resets = _capture(box, "resets", f"curl -s {_url(RESETS)}")
    must(f"{HERE}.{RESETS} > " in resets, f"the sender is not told: {resets}")
    must("server.py" in box.run("started", as_root=True, port=RESETS), "the process is not told")
    if box.does(RECOVERY):
        server.kill()
        server.wait()
        box.start("python3", "server.py", "9999", ready=lambda: _up(box, RESETS))
    _capture(box, "proof", f"curl -s {_url(RESETS)}")


def _forgotten(box: Box) -> None:
    """The server gives a silent connection up, and its word of it is lost on the way, as behind a NAT."""
    aborted, sent = _count(box, "TcpExtTCPAbortOnClose"), _count(box, "TcpOutRsts")
    rule = f"tcp sport {FORGETS} tcp flags & fin == fin drop"
    _nft(box, rule)
    said = box.sh("python3 client.py 0 4")
    box.sees(said)
    must(_count(box, "TcpOutRsts") > sent, "the reset of the host is not counted")
    must(_count(box, "TcpExtTCPAbortOnClose") == aborted, "it is counted as unread data")
    box.sh("nft delete table inet guard", as_root=True)
    must(box.sh("python3 client.py 0 4").count("Broken pipe") == 0, "an end in order is told as a pipe")
    must("reset" not in box.sh("python3 client.py 0 4"), "an end in order is told as a reset")
    sent = _count(box, "TcpOutRsts")
    _nft(box, f"tcp dport {FORGETS} tcp flags & psh == psh reject with tcp reset")
    must("reset by peer" in box.sh("python3 client.py 0"), "a box that resets is not felt")
    must(_count(box, "TcpOutRsts") == sent, "the reset of a box between is counted as the host's own")
    box.sh("nft delete table inet guard", as_root=True)


def _keep_alive(box: Box) -> None:
    box.begin("python3 client.py 0 8")
    box.until(lambda: "119min" in box.run("idle", port=FORGETS), what="the timer of two hours is not told")
    box.run("keepalive", as_root=True, seconds=60)
    box.begin("python3 client.py 0 8")
    box.until(lambda: "keepalive,5" in box.run("idle", port=FORGETS), what="the new timer is not told")
    must("True" in box.sh("python3 client.py 0 1 1 1"), "a connection that is used in time is cut off")


def _up(box: Box, port: int) -> bool:
    listed: str = box.sh("ss -ltn")
    return f":{port}" in listed


def _url(port: int) -> str:
    return f"http://{HERE}:{port}/"


def _nft(box: Box, rule: str) -> None:
    box.sh(
        f"nft 'table inet guard {{ chain input {{ type filter hook input priority 0; {rule}; }}; }}'",
        as_root=True,
    )


def _count(box: Box, name: str) -> int:
    return int(re.findall(rf"{name}\s+(\d+)", box.run("counters"))[0])


def _capture(box: Box, id: str, call: str) -> str:
    """What a capture of the page prints while a client calls again and again."""
    box.begin(f"sleep 2; for n in 1 2 3 4; do {call}; sleep 0.5; done")
    captured: str = box.run(id, as_root=True, port=RESETS)
    return captured
