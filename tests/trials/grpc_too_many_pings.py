"""A client of gRPC pings a quiet stream too often and is sent away: with a slower ping it stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from box import Box, must

GUIDE = "debugging/grpc-too-many-pings"
NEEDS = ("openssl", "ss")
WHEELS = ("grpc",)
RECOVERY = "slower client"
SHOWS = "OTHERS PINGS PINGS->CLI CLI CLI->OFTEN OFTEN SLOWER SLOWER->OK OK".split()
PORT = 50_051
QUICK, SLOW = 1_000, 400_000
"""Milliseconds between two pings. The server's own default wants five minutes."""
SERVER = f"""
    import grpc, threading
    from concurrent import futures

    def quiet(request, context):
        yield b"open"
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait()

    handler = grpc.unary_stream_rpc_method_handler(quiet)
    server = grpc.server(futures.ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("svc", {{"Quiet": handler}})])
    pair = [(open("key.pem", "rb").read(), open("cert.pem", "rb").read())]
    server.add_secure_port("127.0.0.1:{PORT}", grpc.ssl_server_credentials(pair))
    server.start()
    server.wait_for_termination()
    """
CLIENT = f"""
    import grpc, sys, time

    options = [
        ("grpc.keepalive_time_ms", int(sys.argv[1])),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
    ]
    credentials = grpc.ssl_channel_credentials(open("cert.pem", "rb").read())
    channel = grpc.secure_channel("localhost:{PORT}", credentials, options)
    while True:
        try:
            for said in channel.unary_stream("/svc/Quiet")(b""):
                print(said.decode(), flush=True)
        except grpc.RpcError as error:
            print(error.code(), error.details(), flush=True)
        time.sleep(0.2)
    """


def version(box: Box) -> str:
    said: str = box.sh("python -c 'import grpc; print(grpc.__version__)'")
    return f"gRPC core {said.strip()}"


def run(box: Box) -> None:
    box.write("src/server.py", SERVER)
    box.write("src/client.py", CLIENT)
    box.sh(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem "
        "-subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    box.start("python", "src/server.py", ready=lambda: f":{PORT}" in box.sh("ss -ltn"))
    calm, _ = _client(box, "calm", SLOW)
    box.keep("what a calm client saw", calm.read_text)
    log, quick = _client(box, "quick", QUICK)
    box.until(lambda: "Too many pings" in log.read_text(), seconds=25, what="the server takes all pings")
    box.sees(log.read_text())
    box.run("goaways", client_log=log)
    box.run("rhythm", client_log=log)
    found = box.run("settings", source_folder=box.folder / "src")
    must("keepalive_time_ms" in found, f"the setting of the client is not found: {found}")
    _stays(box, log, never=True)
    quick.kill()
    log, _ = _client(box, "mended", SLOW if box.does(RECOVERY) else QUICK)
    _stays(box, log)
    box.run("goaways", matches=False, client_log=log)
    box.run("rhythm", matches=False, client_log=log)
    box.run("goaways", matches=False, client_log=calm)


def _client(box: Box, name: str, milliseconds: int) -> tuple[Path, Any]:
    log = box.folder / f"{name}.log"
    call = f"exec python src/client.py {milliseconds} > {log} 2>&1"
    server = box.start("bash", "-c", call, ready=lambda: log.exists() and "open" in log.read_text())
    return log, server


def _stays(box: Box, log: Path, *, never: bool = False) -> None:
    """The same local ports now and after several ping intervals of the quick client, or never so."""
    before = _ports(box)
    box.sh("sleep 7")
    told = "are the same" if never else "have changed"
    must((_ports(box) == before) is not never, f"the connections of {log.stem} {told}: {before}")


def _ports(box: Box) -> list[str]:
    lines = box.run("connections", port=PORT).splitlines()[1:]
    return sorted(line.split()[2] for line in lines)
