"""Digits: which words are names, and which are figures that were typed."""

from __future__ import annotations

import pytest

from atlas.rules.digits import may_be_version, typed_digits, without_codes, without_dates

NAMES = frozenset(
    ["amazon aurora", *"postgresql kafka redis node.js openjdk nginx kubernetes etcd mysql".split()]
)


@pytest.mark.parametrize(
    "label",
    [
        "p99 of the S3 bucket",
        "us-east-1 on db.r6g.2xlarge, us-east-1d",
        "HTTP/2 and HTTP/1.1 over TLS 1.3, HTTP 3",
        "IPv4, IPv6, TCP, L7, layer 7",
        "PostgreSQL 14.2 and Kafka v3.8.0",
        "Amazon Aurora 3.04, Node.js 22, PostgreSQL 14",
        "PostgreSQL 14 primary holds rows, PostgreSQL 14+, PostgreSQL 14-alpine, Kafka 3.x",
        "OpenJDK 17 words the direct one so, Kafka 3 starts here",
        "nginx 1.31 stops accepting",
        "HTTP 503, ERROR 1290, exit code 137, SQLSTATE 57014, SQLSTATE 40P01, error code 0x1300",
        "HTTP 503 errors, HTTP 503 leads to the log, HTTP 503 responses from two hosts",
        "HTTP 502, 503 and 504, error 520 to 526 on your domain, HTTP 502/504",
        "signal 9 or 15, exit code -9, errno=24, code=1300, CVE 2021-44228",
        "cluster_block_exception 429",
        "5xx and 4xx/5xx answers",
        "port 6379, ports 80 and 443, UDP 53",
        ":6379 and redis:6379",
        "1.1.1.1, 10.0.0.0/8, 127.0.0.1:53",
        "AS32934 and x86_64 and x86-64 and $HOME2",
        "k8s-app, k8s, C++17, SYN+ACK, O(n²), H100s, argon2d",
        "OpenSSL 3.0.19 and 1.1.1w, react@18.2.0, UTC+2, UTC−05:30",
        "the 99th percentile, the 3rd replica",
        "go to step 6 at once, step 5 adds servers by hand",
        "series 6.1, releases before 3.6 show less, up to release 16",
        "Kubernetes 1.24 removes dockershim",
        "exit code 1 marks failure, error 28 signals a full disk",
        "it exits with 1, it exits with 1 where one is missing, and with 2 otherwise",
        "TLS 1.3 handshakes fail, the Redis 7.2 docs, MySQL 8.0 uses InnoDB, etcd 3.5 logs more",
        "PostgreSQL 16 supports it, Redis 7 requires it, HTTP 429 limits clients",
        "port 22 times out, port 53 drops, layer 4 load balancers, RFC 1918 networks",
        "Kubernetes 1.29 clusters, Kafka 3.8 brokers, HTTP 504 gateway timeouts, exit code 137 pods",
        "CVE-2021-44228",
        "PostgreSQL 11 to 16, MySQL 5.7 and 8.0, TLS 1.2 and 1.3, versions 12–16",
        "PostgreSQL 14/15, TLS 1.2/1.3, Redis ≥ 7.0, Kafka 2.8, 3.0 or 3.1",
        "ports 2379–2380, ports 30000-32767, the default port is 5432",
        "steps 2 and 3, steps 4–6",
        "The proxy answers 503, or a 502 or 504, HTTP 503, then 504, it responds with a 502",
        "the 99.9th percentile, 64-bit, ::1 and fe80::1/64",
        "acks=1, vm.swappiness=1, -c 100",
        "api-gw:8080, db.example.com:5432, node3:9092",
        "shard-0042, orders-2, ext4, sha256",
        "Kafka 40 queries the log, Kafka 3 nodes their log",
        "port 443 of the gateway, error 13 of MongoDB",
        "v14 clients, p99 requests, e1000, N5000",
        "no digit — at all",
        "",
    ],
)
def test_lawful_digits(label: str) -> None:
    assert typed_digits(label, NAMES) == []


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("50 ms", ["50"]),
        ("1.4M jobs", ["1.4M"]),
        ("~5k req/s", ["~5k"]),
        ("$3.2 M a year", ["$3.2"]),
        ("99.99%", ["99.99%"]),
        ("latency-50ms", ["latency-50ms"]),
        ("latency50ms", ["latency50ms"]),
        ("rate=50", ["rate=50"]),
        ("Debian 12.0", ["12.0"]),
        ("3 replicas", ["3"]),
        ("step 300", ["300"]),
        ("(10x) faster", ["10x"]),
        ("p99 <100 ms", ["<100"]),
        ("Kafka 4000 brokers full", ["4000"]),
        ("Kafka 4000", ["4000"]),
        ("Kafka 40 idle brokers", ["40"]),
        ("Kafka 4 million messages", ["4"]),
        ("Kafka 40-node cluster", ["40-node"]),
        ("Redis 64 shards", ["64"]),
        ("Redis 64\nshards", ["64"]),
        ("Redis 2.4 GB", ["2.4"]),
        ("Redis 5 %", ["5"]),
        ("T+43s", ["T+43s"]),
        ("T+43", ["T+43"]),
        ("lost USD3.2M", ["USD3.2M"]),
        ("US$3.2M a year", ["US$3.2M"]),
        ("EUR43", ["EUR43"]),
        ("HTTP 50000 requests", ["50000"]),
        ("HTTP 50000", ["50000"]),
        ("HTTP 500 requests", ["500"]),
        ("error 300 users", ["300"]),
        ("error 43 s", ["43"]),
        ("error 4000M", ["4000M"]),
        ("code 500 lines", ["500"]),
        ("port 80 connections", ["80"]),
        ("port 70000", ["70000"]),
        (":70000", [":70000"]),
        ("peak@43k", ["peak@43k"]),
        ("approx.43s", ["approx.43s"]),
        ("½ of nodes", ["½"]),
        ("peak½", ["peak½"]),
        ("Ⅷ nodes, ② shards, ٤٣ users", ["Ⅷ", "②", "٤٣"]),
        ("1.400.000 users", ["1.400.000"]),
        ("HTTP 500 req/s", ["500"]),
        ("HTTP 200 per second", ["200"]),
        ("Kafka 40 per region", ["40"]),
        ("TCP 500 a second", ["500"]),
        ("TCP 500 times a day", ["500"]),
        ("users:43000", ["users:43000"]),
        ("db:70000", ["db:70000"]),
        ("peak-43000", ["peak-43000"]),
        ("latency500", ["latency500"]),
        ("max_connections=100", ["max_connections=100"]),
        ("error 300 of all", ["300"]),
        ("HTTP 500 of the requests", ["500"]),
        ("43rd of nodes", ["43rd"]),
        ("3.4.5 users", ["3.4.5"]),
        ("Kafka 40 (brokers)", ["40"]),
        ("Kafka 40 – brokers", ["40"]),
        ("Kafka: 40", ["40"]),
        ("Kafka 3.8 and 40 brokers", ["40"]),
        ("Kafka 1.400.000 users", ["1.400.000"]),
        ("Redis 10.5 average", ["10.5"]),
        ("Redis 3.5 faster", ["3.5"]),
        ("Redis 100 people", ["100"]),
        ("ports 80-70000", ["80-70000"]),
        ("returns 500 rows", ["500"]),
        ("exit code 43 s", ["43"]),
        ("… 40", ["40"]),
        ("x5000 users, n43000, N5000 jobs, v500 ms", ["x5000", "n43000", "N5000", "v500"]),
        ("p٩٩ and p９９", ["p٩٩", "p９９"]),
    ],
)
def test_typed_digits(label: str, words: list[str]) -> None:
    assert typed_digits(label, NAMES) == words


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("On 21 October 2018, at noon", "On , at noon"),
        ("2024-03-05 and March 5, 2024 and June 2023", "and and June"),
        ("in 2019 all was well", "in all was well"),
        ("2000 users", "2000 users"),
        ("2000 ms", "2000 ms"),
        ("12 Marketers", "12 Marketers"),
        ("Kafka lost 2000 people of data", "Kafka lost 2000 people of data"),
        ("it cost 1999 a month; 1950 of the servers", "it cost 1999 a month; 1950 of the servers"),
        ("in 2000 of the cases, of 2000 users", "in 2000 of the cases, of 2000 users"),
        ("early 2019, from 2019 to 2021, summer 2020, late 2018–2019", "early , from , summer , late"),
        ("CVE-2021-44228 and v2019-01", "CVE-2021-44228 and v2019-01"),
        ("at 2021-01-04T14:05Z, 2021-01-04T14:05:01.5+01:00", "at ,"),
        ("Oct. 21, 2018 and 5 Mar. 2020", "and"),
        ("the year 2000", "the year 2000"),
    ],
)
def test_dates_are_no_figures(text: str, left: str) -> None:
    assert " ".join(without_dates(text).split()) == " ".join(left.split())


@pytest.mark.parametrize(
    ("symptom", "left"),
    [
        ("504 Gateway Time-out", "  Gateway Time-out"),
        ("accept4() failed (24: Too many open files)", "accept4() failed ( : Too many open files)"),
        ("500 users are locked out", "500 users are locked out"),
        ("300 refused", "300 refused"),
        ("(500 users: locked out)", "(500 users: locked out)"),
    ],
)
def test_codes_of_error_strings_are_no_figures(symptom: str, left: str) -> None:
    assert without_codes(symptom) == left


@pytest.mark.parametrize(
    ("word", "text", "may"),
    [
        ("12", "on Debian 12", True),
        ("5.15", "kernel 5.15 hangs", True),
        ("3", "3 replicas", False),
        ("40", "lost 40 nodes", False),
        ("5%", "lost 5%", False),
    ],
)
def test_what_may_be_a_version(word: str, text: str, may: bool) -> None:
    assert may_be_version(word, text) is may
