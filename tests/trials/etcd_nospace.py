"""Three members of etcd, TLS on, with a full quota: history and keys go, the alarm is lifted."""

from __future__ import annotations

from box import Box, TrialError, must

GUIDE = "debugging/etcd-nospace"
NEEDS = ("etcd", "etcdctl", "openssl")
RECOVERY = "disarm"
SHOWS = (
    "SYM SYM->ALARM ALARM ALARM->STAT STAT STAT->SNAP SNAP HIST->COMPACT COMPACT COMPACT->DEFRAG "
    "DEFRAG DEFRAG->DISARM DEL DEL->COMPACT DISARM DISARM->OK OK"
).split()
MEMBERS = (1, 2, 3)


def version(box: Box) -> str:
    said: str = box.sh("etcd --version")
    return "etcd " + said.split("etcd Version: ")[1].split(maxsplit=1)[0]


def run(box: Box) -> None:
    _start(box)
    for key in ("/svc/app-billing/a", "/svc/apparel/a", "/other/b"):
        box.sh(f"etcdctl put {key} keep")
        box.keep(key, lambda key=key: box.sh(f"etcdctl get {key}"))
    box.sees(_fill(box))
    box.until(lambda: "NOSPACE" in box.sh("etcdctl alarm list"))
    _refused(box)
    box.run("alarms")
    sizes = box.run("sizes")
    box.run("copy", member=_member(1), copy=box.folder / "backup.db")
    _make_room(box)
    must(box.run("sizes") != sizes, "the database is as large as before")
    _delete_keys(box)
    _make_room(box)
    box.sees(box.sh("etcdctl put /svc/app/again x"))
    box.run("disarm")
    box.run("test-key")
    box.run("proof")
    box.run("alarms", matches=False)
    box.run("tidy")


def _member(number: int) -> str:
    return f"https://127.0.0.1:{number}2379"


def _refused(box: Box) -> None:
    """Without its certificates nobody answers, which is no word on the alarm."""
    said = box.sh("env -u ETCDCTL_CACERT -u ETCDCTL_CERT -u ETCDCTL_KEY etcdctl --dial-timeout=1s alarm list")
    must("context deadline exceeded" in said, f"a member with TLS that is asked without says {said!r}")


def _make_room(box: Box) -> None:
    box.run("compact", revision=_revision(box))
    for number in MEMBERS:
        box.run("room", data_dir=box.folder / f"m{number}")
        box.run("defrag", member=_member(number))


def _delete_keys(box: Box) -> None:
    """Live keys below a prefix, of which two neighbours begin with the same letters."""
    must("1 /svc/app/\n" in box.run("prefixes"), "the prefix is not told with its slash")
    box.run("prefix-bytes", prefix_with_slash="/svc/app/")
    shown = box.run("prefix-keys", prefix_with_slash="/svc/app/").split()[-1]
    must(box.run("delete", prefix_with_slash="/svc/app/").strip() == shown, "other keys went than were shown")


def _start(box: Box) -> None:
    """Three members that want certificates, and the variables by which clients find and convince them."""
    box.sh(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem -subj /CN=etcd "
        "-addext subjectAltName=IP:127.0.0.1"
    )
    cert, key = box.folder / "cert.pem", box.folder / "key.pem"
    box.env |= {"ETCDCTL_CACERT": str(cert), "ETCDCTL_CERT": str(cert), "ETCDCTL_KEY": str(key)}
    peers = ",".join(f"m{n}=http://127.0.0.1:{n}2380" for n in MEMBERS)
    clients = [*map(_member, MEMBERS)]
    box.env |= {"ETCDCTL_API": "3", "ETCDCTL_ENDPOINTS": ",".join(clients)}
    for n in MEMBERS:
        box.start(
            "etcd", "--name", f"m{n}", "--data-dir", box.folder / f"m{n}",
            "--listen-client-urls", clients[n - 1], "--advertise-client-urls", clients[n - 1],
            "--listen-peer-urls", f"http://127.0.0.1:{n}2380",
            "--initial-advertise-peer-urls", f"http://127.0.0.1:{n}2380",
            "--initial-cluster", peers, "--quota-backend-bytes", "8000000",
            "--cert-file", cert, "--key-file", key, "--client-cert-auth", "--trusted-ca-file", cert,
            ready=lambda: True,
        )  # fmt: skip
    box.until(lambda: box.sh("etcdctl endpoint health").count("is healthy") == len(MEMBERS), seconds=30)


def _fill(box: Box) -> str:
    """The same key again and again, until its history has no room."""
    said: str = ""
    box.sh("head -c 60000 /dev/urandom | base64 -w 0 > value")
    for _ in range(300):
        said = str(box.sh("etcdctl put /svc/app/hot < value"))
        if "OK" not in said:
            return said
    raise TrialError("the quota is never used up")


def _revision(box: Box) -> str:
    status: str = box.sh("etcdctl endpoint status -w json")
    return max((part.split(",")[0].rstrip("}") for part in status.split('"revision":')[1:]), key=int)
