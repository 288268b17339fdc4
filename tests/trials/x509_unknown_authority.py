"""nginx leaves out its intermediate, and no store knows the root: the chain is served, the root is added."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nginx_server as server
from box import Box, must

GUIDE = "debugging/x509-unknown-authority"
NEEDS = (
    "nginx",
    "openssl",
    "curl",
    "ss",
    "python3",
    "java",
    "keytool",
    "jcmd",
    "etcdctl",
    "update-ca-certificates",
)
RECOVERY = "write-chain"
SHOWS = (
    "SYM SYM->CHAIN CHAIN CHAIN->ONE ONE ONE->FULL FULL CHAIN->TRY TRY TRY->STORE STORE TRY->OTHER OTHER "
    "STORE->ADD ADD ADD->OK STORE->JAVA JAVA JAVA->OK OK"
).split()
SITE = """
server {{
  listen 127.0.0.1:{port} ssl http2;
  ssl_certificate {folder}/{name}.pem;
  ssl_certificate_key {folder}/{key}.key;
  return 200;
}}
"""
PORT, OTHER = 8443, 8444
SERVED = {"host": "localhost", "port": PORT, "name": "localhost"}
JAVA = """
import java.net.*;

public class Get {
    public static void main(String[] a) throws Exception {
        System.out.println(((HttpURLConnection) new URL(a[0]).openConnection()).getResponseCode());
        if (a.length > 1) Thread.sleep(600_000);
    }
}
"""


def version(box: Box) -> str:
    return " ".join(box.sh("openssl version").split()[:2])


def run(box: Box) -> None:
    folder = _stores(box)
    for name in ("root", "wrong"):
        _root(box, name)
    _sign(box, "mid", "root", "basicConstraints=critical,CA:true\nkeyUsage=keyCertSign\n")
    _sign(
        box,
        "leaf",
        "mid",
        "subjectAltName=DNS:localhost\nauthorityInfoAccess=caIssuers;URI:http://pki.example/mid.cer\n",
    )
    _sign(box, "other", "wrong", "subjectAltName=DNS:localhost\n")
    box.sh("cp leaf.pem served.pem; cat other.pem wrong.pem > kept.pem")
    sites = [(PORT, "served", "leaf"), (OTHER, "kept", "other")]
    server.start(
        box,
        "server { listen 127.0.0.1:8080; }\n"
        + "".join(SITE.format(folder=box.folder, port=p, name=n, key=k) for p, n, k in sites),
    )
    box.keep(
        "another site",
        lambda: box.sh(
            f"curl -sS -o /dev/null -w '%{{http_code}}' --cacert wrong.pem https://localhost:{OTHER}/"
        ),
    )
    _faults(box)
    _server(box)
    _client(box, folder)


def _faults(box: Box) -> None:
    """What programs say of one certificate without its issuer."""
    url = f"https://localhost:{PORT}/"
    python = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
    for said in (
        box.sh(f"curl -sS {url}"),
        box.sh(f"python3 -c '{python}' {url} 2>&1 | tail -1"),
        box.sh(
            f"etcdctl --endpoints=https://localhost:{PORT} --cacert wrong.pem "
            "--dial-timeout=1s --command-timeout=1s endpoint status",
            ETCDCTL_API="3",
        ),
        _java(box, box.folder / "mine.jks"),
    ):
        box.sees(said)
    told = box.run("chain", **SERVED)
    must(" 1 s:" not in told and "code: 21 " in told, f"the chain is told as {told}")
    must("code: 21 " in box.run("with-root", root="root.pem", **SERVED), "the root alone verifies it")
    box.run("proof", matches=False, name="localhost", port=PORT)


def _server(box: Box) -> None:
    """The whole chain is served; now only the store of the client is short of the root."""
    must("URI:http://pki.example/mid.cer" in box.run("issuer", **SERVED), "the issuer's address is not told")
    box.run("fits", matches=False, root="root.pem", intermediate="wrong.pem", certificate="served.pem")
    box.run("fits", root="root.pem", intermediate="mid.pem", certificate="served.pem")
    box.run("write-chain", certificate="served.pem", intermediate="mid.pem", chain_file="chain.pem")
    box.sh("test -s chain.pem && cp chain.pem served.pem")
    box.run("test-config")
    box.run("reload")
    box.until(
        lambda: " 1 s:" in box.sh(f"openssl s_client -showcerts -connect localhost:{PORT} </dev/null"),
        what="one certificate is served",
    )
    must("code: 20 " in box.run("chain", **SERVED), "the root is known already")
    must("code: 0 " in box.run("with-root", root="root.pem", **SERVED), "the root does not verify it")
    must("code: 0 " not in box.run("with-root", root="wrong.pem", **SERVED), "a foreign root verifies it")
    box.run("proof", matches=False, name="localhost", port=PORT)


def _client(box: Box, folder: Path) -> None:
    """The root comes into the store of the system, and into one of Java's own."""
    box.run("who-is-it", root="root.pem")
    box.run("add-root", root="root.pem", store_folder=folder, root_name="lab-root")
    told = box.run("update-store", timeout=120)
    must("1 added" in told, f"the root is not added: {told}")
    box.run("proof", name="localhost", port=PORT)
    mine = box.folder / "mine.jks"
    words = {"trust_store": mine, "store_password": "changeit"}
    must("PKIX" in _java(box, mine), "a store of its own knows the root already")
    box.run("java-has", matches=False, root_subject="Lab root", **words)
    box.run("java-add", root_name="lab-root", root="root.pem", **words)
    box.run("java-has", root_subject="Lab root", **words)
    must(_java(box, mine).strip() == "200", "Java does not connect")
    java = box.start(
        "java",
        f"-Djavax.net.ssl.trustStore={mine}",
        "Get.java",
        f"https://localhost:{PORT}/",
        "stay",
        ready=lambda: (box.folder / "java-1.out").read_text().strip() == "200",
    )
    must(f"trustStore={mine}" in box.run("java-store", pid=java.pid), "the store of a JVM is not told")


def _java(box: Box, store: Path) -> str:
    said: str = box.sh(f"java -Djavax.net.ssl.trustStore={store} Get.java https://localhost:{PORT}/")
    return said


def _stores(box: Box) -> Path:
    """Copies of the machine's stores in their places, for the user of the box; the folder for more."""
    box.write("Get.java", JAVA)
    places = {"certs": "/etc/ssl/certs", "local": "/usr/local/share/ca-certificates"}
    for name, place in places.items():
        copy = box.folder / name
        if name == "certs":
            shutil.copytree(place, copy, symlinks=True)
        else:
            copy.mkdir()
        subprocess.run(["chown", "-R", f"{box.user}:{box.user}", str(copy)], check=True)
        subprocess.run(["mount", "--bind", str(copy), place], check=True)
    shutil.copy("/etc/ssl/certs/java/cacerts", box.folder / "mine.jks")
    os.chown(box.folder / "mine.jks", box.user, box.user)
    return Path(places["local"])


def _root(box: Box, name: str) -> None:
    box.sh(
        f"openssl req -newkey rsa:2048 -nodes -x509 -keyout {name}.key -out {name}.pem "
        f"-days 365 -subj '/CN=Lab {name}'"
    )


def _sign(box: Box, name: str, issuer: str, extensions: str) -> None:
    box.write(f"{name}.ext", extensions)
    subject = "/CN=Lab mid" if name == "mid" else "/CN=localhost"
    box.sh(f"openssl req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj '{subject}'")
    box.sh(
        f"openssl x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial "
        f"-days 90 -extfile {name}.ext -out {name}.pem"
    )
