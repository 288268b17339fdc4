"""nginx in a box: `nginx` as a page types it, with the settings of the box."""

from __future__ import annotations

from pathlib import Path

from box import Box

_FRAME = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
access_log {folder}/access.log;
client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
{settings}
}}
"""


def version(box: Box) -> str:
    said: str = box.sh("nginx -v 2>&1")
    return "nginx " + said.split("nginx/")[1].split(maxsplit=1)[0]


def start(box: Box, settings: str) -> Path:
    """A server on loopback, port 8080; its error log."""
    configure(box, settings)
    here = f"-p {box.folder} -e {box.folder}/error.log -c {box.folder}/nginx.conf"
    box.write("bin/nginx", f'#!/bin/sh\nexec /usr/sbin/nginx {here} "$@"\n').chmod(0o755)
    box.start("nginx", ready=lambda: ":8080" in box.sh("ss -ltn"))
    log: Path = box.folder / "error.log"
    return log


def configure(box: Box, settings: str) -> None:
    """What stands in `http`."""
    box.write("nginx.conf", _FRAME.format(folder=box.folder, settings=settings))
