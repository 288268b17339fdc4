"""What of a pasted text counts, and how much: data that the finders in Python and in JavaScript obey.

`RULES` goes into the index as it stands. Patterns are written so that `re` and JavaScript read them alike
(ASCII classes, explicit ranges), and are applied in order, case aside, each leaving a blank or nothing.
"""

from __future__ import annotations

from typing import Any, Final

CODES: Final = {
    "EACCES": "permission denied",
    "EADDRINUSE": "address already in use",
    "ECONNREFUSED": "connection refused",
    "ECONNRESET": "connection reset by peer",
    "EDQUOT": "disk quota exceeded",
    "EHOSTUNREACH": "no route to host",
    "EMFILE": "too many open files",
    "ENFILE": "too many open files in system",
    "ENOMEM": "cannot allocate memory",
    "ENOSPC": "no space left on device",
    "EPIPE": "broken pipe",
    "EROFS": "read-only file system",
    "ETIMEDOUT": "connection timed out",
}
"""What the names of POSIX error numbers mean, as programs print them."""

_CJK: Final = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"

_MONTH: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_TAG: Final = "a|b|body|br|center|code|div|font|h[1-6]|head|hr|html|li|meta|p|pre|span|t[dhr]|table|title|ul"

FOLDS: Final = (
    (r"[\u00ad\u200b-\u200d\u2060\ufeff]", ""),
    (r"(\x1b|\\x1b|\\u001b|#?\\?033|\^\[)\[[\d;?]*[a-z]", " "),
    (rf"</?({_TAG})\b[^>]*>", " "),
    (r"&(quot|amp|lt|gt|apos|nbsp|#\d+|#x[\da-f]+);", " "),
    (r"\\+(u[\da-f]{4}|x[\da-f]{2}|[nrt])", " "),
    (rf"(?<=[{_CJK}])(?=[^{_CJK}])|(?<=[^{_CJK}])(?=[{_CJK}])", " "),
    (r"\d{4}[-/]\d\d[-/]\d\d[T ]?\d\d:\d\d(:\d\d)?[\d.,]*(Z|[+-]\d\d:?\d\d)?", " "),
    (rf"\b(mon|tue|wed|thu|fri|sat|sun)?,? ?({_MONTH})[a-z]* +\d{{1,2}},?( \d{{4}})?", " "),
    (r"\b\d{1,2}:\d\d(:\d\d)?([.,]\d+)?\b", " "),
    (r"\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b", " "),
    (r"\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b", " "),
    (r"\b0x[\da-f]+\b", " "),
    (r"\b(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{7,}\b", " "),
    (r"(?<![\w.])(/[\w.@%+~-]+){2,}/?(:\d+)?", " "),
    (r"\b\d[\d.]*(?=([kmgt]i?b|ms)\b)", " "),
    (r"(?<=[a-z]{4})\d{1,2}(?![\da-z])", ""),
)
"""What differs between two lines of one error: escapes, colours, times, ids, addresses, paths, amounts."""

SILENT: Final = """
    a about above according across actually after again against ago all allow allowed allows almost alone
    along already also although always am among an and another any anything are aren around as ask asked
    at away b back be became because become becomes been before behind being below besides best better
    between beyond both bring but by came can cannot certain clear clearly come common contain contains
    correct could couldn currently d did didn different directly do does doesn doing don done down during
    e each early easily easy effect either else enough entire even ever every exactly except f far fast
    few fine first follow following for found from full further g get gets give given go goes going gone
    good got great guess h had happen happened happens has hasn have haven having he hello help her here
    hi him his how however i if immediately in indeed instead into is isn it its itself j just k keep
    keeps kind knew know known l large larger last late later least leave less let like likely little ll
    long longer look looks lot lots m made make many may maybe me mean means meanwhile might moment more
    most much must my n near need needed needs neither never next no non nor normal normally not nothing
    now number o obvious of off often on once one only onto or other others otherwise our out over own p
    part parts people per perhaps please possibly previous previously probably put q quickly quite r
    rather re recent recently regular relevant s same second see seem seems seen several she should
    shouldn show shown similar simply since small smaller so some something soon special specific still
    strange such sure t take tell than thank thanks that the their them then there these they thing third
    this those though three through thus to today together too toward tried tries try trying turn two
    type u under until up upon us use used uses using usually v ve version very via w want was wasn way
    we well went were what whatever when whenever where whereas wherever whether which while who whole
    whom whose why wide will with within without won would wouldn x y years yes yet you your z zero
"""
"""Words of grammar and single letters: they hold a phrase together and tell nothing alone."""

STATUS: Final = """
    abort aborted access action address app application args argument assert attempt attempts available
    bad badgateway body break broken bug bytes call called caller cancel canceled cancelled cannot cause
    caused change changed check class client close closed closing cmd code com command complete completed
    component config configuration configured connect connected connecting connection connections console
    content context could crashloopbackoff create created creating critical current data date
    deadlineexceeded debug default denied deny desc description detail details detected device discover
    done end ended entity entitytoolarge env err errmsg errno error errors event events exceed exceeded
    exception exceptions exec execute executed executing exhausted exist existing exists exit exited
    expected expired fail failed failedprecondition failing fails failure failures fatal fields file
    finish finished force format from function gateway gatewaytimeout gb get gib goroutine handle handler
    header hint host hostname hours http https hy000 id ids ignore illegal image info init initialize
    input insert instance int integer internal internalservererror invalid invalidargument io ip item
    java job json kb key kind label lang large level libs limit line list load loaded local localhost
    location log logger logging long lookup low main match max maximum mb message messages method mib min
    minutes missing mode module ms msg name names native net new node notice null num number object ok
    old online open operation option options org output package panic param parent parse path pending
    perform performed permission pid port possible post problem proc process processing prod production
    program project property protocol proxy py query raised ran reach reached read reading ready reason
    received reconnect ref refused reject rejected remote request requested requests required reset
    resource resourceexhausted response result resume retries retry retrying return returned reverse root
    run running runtime seconds secs select send sending sent server servers service services
    serviceunavailable session set setting setup severity show shutdown site size slow socket source spec
    sql sqlstate stack stacktrace start started starting state statement status stderr stdout step stop
    stopped string subject success support sync syntax sys system tag target task tcp temporary
    terminated test text thread throw thrown throws time timed timeout timestamp tls token too
    toomanyrequests total trace traceback trying ts type udp uid unable unavailable uncaught unexpected
    unhandled unit unknown update updated uri url user username usr valid value values var verify version
    waiting warn warning web window work worker workers write writing wrong www xml yaml
"""
"""Words of logs as such: levels, states, units, statuses of HTTP and gRPC, what all software has."""

COMMON_TELLS: Final = 1.5
COMMON: Final = """
    account alarm alert alias allocate allocated api attach attached auth authentication authorization
    backend background backup balancer batch block blocked blocks boot buffer build cache cert
    certificate channel cluster collection column commands commit container containers copy count cpu
    crash crashed database databases dead deadlock delete deleted deploy deployment disconnect disk dns
    domain drop dropped dropping duration empty endpoint endpoints engine execution expires external
    files find folder free full gateway group groups health healthy heap hosts http2 incoming index input
    installed interface issue kernel killed latency leader left length library live lock login loop lost
    machine manager master memory metrics middleware minute mount network nodes number objects offset
    outgoing page partition partitions password peer ping pod pods policy pool primary private processes
    producer properties public publish pull push queries queue queued quota rate recover recovery
    register registry release remove removed rename replica replicas replication report reserved
    resolution resolve resolved resources restart restarted restarting role rollback route rows rule
    running safe save saving schema scope script second secret secure security segment sequence shard
    shards shared signal single slots snapshot space ssl standby startup storage store stream streams
    switch table tables temp template threads throughput tmp topic traffic transaction transactions
    transfer transport unlock upgrade upload upstream users utils vacuum view virtual volume volumes wait
    watch zone
"""
"""Words of most infrastructure: two of them in one line tell little."""

JOINED: Final = """
    activemq arangodb bigquery bitbucket clickhouse cloudflare cloudfront cloudwatch cockroachdb
    coffeescript containerd coredns couchdb datadog dynamodb ecmascript elasticache elasticsearch etcd
    foundationdb github gitlab grafana graphql grpc hadoop haproxy hashicorp hbase influxdb javascript
    keycloak keydb kubernetes linkedin macos mariadb memcached microsoft mongodb mysql netapp nodejs
    openapi openid openresty opensearch openshift openssl openstack opentelemetry orientdb pagerduty
    paypal pgbouncer phpmyadmin planetscale postgresql powerdns powershell proxysql pubsub pytorch
    questdb rabbitmq rethinkdb rocksdb scylladb sqlalchemy sqlite sqlserver statsd systemd tensorflow
    terraform tidb tikv timescaledb typescript victoriametrics virtualbox vmware websocket wiredtiger
    wordpress xtradb youtube yugabytedb zeromq zookeeper
""".split()
"""Names that have capitals within and are one word all the same."""

RULES: Final[dict[str, Any]] = {
    "folds": FOLDS,
    "codes": CODES,
    "word": r"[0-9A-Za-z_\u00aa-\u02ff\u0370-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+",
    "seam": r"_+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])",
    "joined": JOINED,
    "counter": r"^(\d{1,2}|\d{6,})$",
    "level": r"^\W*(error|fatal|warning|warn|panic|critical)\b[^:…]{0,24}: +",
    "classes": (
        (0.5, SILENT.split()),
        (0.75, [*STATUS.split(), *map(str, range(400, 600))]),
        (COMMON_TELLS, COMMON.split()),
    ),
    "common": COMMON_TELLS,
    "unknown": 3.5,
    "glued": 12,
    "hand": r"^[ \t\r\n]*[\w-]+([ \t]+[\w-]+){0,5}[ \t\r\n]*$",
    "typed": 14,
    "stretch": 12,
    "slip": 4,
    "slips": 12,
    "anchor": 4,
    "long": 12,
    "gap": 600,
    "apart": 40,
    "run": 3,
    "head": 2.5,
    "torn": 0.6,
    "like": 0.65,
    "faint": 0.5,
    "sure": 3.25,
    "cut": 4.5,
    "share": 0.45,
    "own": 1.9,
    "least": 4.0,
    "guide": 3.0,
    "context": (0.2, 20.0),
    "kinds": {"error string": 0.3, "alert": 0.2, "symptom": 0.1},
    "exact": 0.5,
    "part": 0.9,
    "named": 8,
    "shown": (8, 3),
}
"""The folding of texts, the words by how little they tell within a phrase, and the measures of the ranking.

Words: those of so many letters may be `glued` from others, and an `unknown` one tells so much; `hand` is what
someone types; in a text of up to `typed` words `slips` are mended in words from `slip` letters on; `stretch`
words make a line. Keys: found by their `anchor`; parts of `long` may stand within a word, others not; parts
stand within a `gap` of letters, runs within so many words `apart`. A share `like` that of what a key tells is
enough, `faint` less, in `run` words or more where its `head` is there, or `torn` at an end of the text. What
tells `sure`, or `cut` in part, is an answer. Words alone: a `share` of a line, `own` in one and in the rest,
`least` in all. Then what a `guide`, the `context` (share and most), `kinds` and an `exact` name add, and what
only a `part` is worth; so many words are `named` and so many answers `shown`, sure ones and others.
"""
