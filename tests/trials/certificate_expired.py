"""nginx serves a certificate that is over, while a new one lies on its disk; it is loaded and verifies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from box import Box, TrialError

GUIDE = "debugging/certificate-expired"
NEEDS = ("nginx", "openssl", "curl", "ss")
RECOVERY = "reload"
SETTINGS = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  ssl_certificate_key {folder}/leaf.key;
  server {{ listen 127.0.0.1:8443 ssl; ssl_certificate {folder}/served.pem; return 200; }}
  server {{ listen 127.0.0.1:8444 ssl; ssl_certificate {folder}/kept.pem; return 200; }}
}}
"""
AUTHORITY = """
[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


def version(box: Box) -> str:
    return " ".join(box.sh("openssl version").split()[:2])


def run(box: Box) -> None:
    now = datetime.now(UTC)
    _authority(box)
    _issue(box, "old", now - timedelta(days=90), now - timedelta(days=30))
    _issue(box, "new", now - timedelta(days=1), now + timedelta(days=60))
    box.sh("cp old.pem served.pem; cp new.pem kept.pem")
    _wrap(box)
    box.start("nginx", ready=lambda: ":8444" in box.sh("ss -ltn"))
    kept = "curl -sS -o /dev/null -w '%{http_code}' --cacert ca.pem https://localhost:8444/"
    box.keep("another site", lambda: box.sh(kept))
    server = {"host": "localhost", "port": 8443, "name": "localhost"}
    authorities = box.folder / "ca.pem"
    box.sees(box.sh("curl -sS --cacert ca.pem https://localhost:8443/").splitlines()[0])
    box.run("proof", matches=False, name="localhost", port=8443, authorities=authorities)
    verdict = box.run("verdict", authorities=authorities, **server)
    if "return code: 10 " not in verdict or "num=10" not in verdict:
        raise TrialError(f"the verdict is {verdict!r}")
    box.sees(next(line for line in verdict.splitlines() if "num=" in line))
    box.run("chain", **server)
    box.run("clock")
    box.run("lasts", matches=False, seconds=0, **server)
    _renew(box)
    box.run("test-config")
    box.run("reload")
    box.sh("sleep 1")
    box.run("proof", name="localhost", port=8443, authorities=authorities)
    box.run("lasts", seconds=604_800, **server)


def _renew(box: Box) -> None:
    """The file is new, what is served is not; and a key of another certificate would be found out."""
    box.sh("cp new.pem served.pem")
    file, key = box.folder / "served.pem", box.folder / "leaf.key"
    if "notAfter" not in box.run("on-disk", certificate=file):
        raise TrialError("the file shows no date")
    wanted = box.run("key-of-certificate", certificate=file)
    if box.run("key-on-disk", key=key) != wanted:
        raise TrialError("its own key is shown as another's")
    if box.run("key-on-disk", key=box.folder / "ca.key") == wanted:
        raise TrialError("a foreign key is not found out")


def _authority(box: Box) -> None:
    (box.folder / "ca.cnf").write_text(AUTHORITY)
    (box.folder / "ext").write_text("subjectAltName = DNS:localhost\n")
    (box.folder / "index").touch()
    (box.folder / "serial").write_text("01\n")
    make = "openssl req -newkey rsa:2048 -nodes"
    box.sh(f"{make} -x509 -keyout ca.key -out ca.pem -days 365 -subj '/CN=Trial Root'")
    box.sh(f"{make} -keyout leaf.key -out leaf.csr -subj /CN=localhost")


def _issue(box: Box, name: str, start: datetime, end: datetime) -> None:
    first, last = (f"{when:%Y%m%d%H%M%SZ}" for when in (start, end))
    box.sh(
        f"openssl ca -batch -config ca.cnf -in leaf.csr -out {name}.pem -extfile ext "
        f"-startdate {first} -enddate {last} -notext"
    )


def _wrap(box: Box) -> None:
    """`nginx` as the page types it, with the settings of the box."""
    (box.folder / "nginx.conf").write_text(SETTINGS.format(folder=box.folder))
    (box.folder / "bin").mkdir()
    wrapper = box.folder / "bin/nginx"
    here = f"-p {box.folder} -e {box.folder}/error.log -c {box.folder}/nginx.conf"
    wrapper.write_text(f'#!/bin/sh\nexec /usr/sbin/nginx {here} "$@"\n')
    wrapper.chmod(0o755)
