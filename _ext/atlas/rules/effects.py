"""What is known to change or to destroy something: one table, by program, of patterns over its arguments.

It is a list of what is known, so what it does not name passes; a command that it names wrongly is one row to
mend. The reference page of COMMAND007 shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from . import shell
from .shell import Call


class Effect(StrEnum):
    """What a command does to the system, the mildest first."""

    READS = "reads"
    CHANGES = "changes"
    DESTROYS = "destroys"


@dataclass(frozen=True, slots=True)
class Known:
    """Programs that have the effect where their arguments, joined by blanks, match; `unless` they match that.

    `fed` is for what they are given to read.
    """

    effect: Effect
    programs: str
    words: str = ""
    unless: str = ""
    fed: str = ""


_C, _D = Effect.CHANGES, Effect.DESTROYS
_SQL_TOOLS = "psql mysql mariadb cockroach cqlsh clickhouse-client sqlite3 mysqlsh tidb ysqlsh ycqlsh"
_REDIS = "redis-cli valkey-cli keydb-cli"
_REDIS_ASKS = r"(?i)(?:^|\s)(?:CONFIG\s+GET|COMMAND|OBJECT|INFO)\s"
_CONTAINERS = "docker podman nerdctl crictl"
_CURL = r"(?:^|\s)-[46fgiklnqsvLNS]*"
"""Short options of curl that take no value, and may stand in one word with one that does."""
_INTERPRETERS = frozenset("node perl php python python3 ruby".split())
KNOWN: Final = (
    # Files and the machine
    Known(_D, "rm rmdir unlink shred wipefs mkfs mkfs.ext4 mkfs.xfs mkswap"),
    Known(_D, "truncate fallocate"),
    Known(_D, "dd", r"\bof=(?!/dev/null)"),
    Known(_D, "find", r"(?:^|\s)-delete\b"),
    Known(_D, "kill", "", r"^-(?:0|3|l|L|(?:s )?(?:SIG)?(?:QUIT|HUP|USR[12]|STOP|TSTP|CONT))\b"),
    Known(_C, "kill", r"^-(?:3|(?:s )?(?:SIG)?(?:QUIT|HUP|USR[12]|STOP|TSTP|CONT))\b"),
    Known(_D, "pkill killall", "", r"-(?:0|HUP|USR[12]|QUIT|STOP|CONT|[cl])\b"),
    Known(_C, "pkill killall", r"-(?:HUP|USR[12]|QUIT|STOP|CONT)\b"),
    Known(_D, "reboot shutdown halt poweroff"),
    Known(_C, "mv cp ln mkdir touch chmod chown chgrp chattr setfacl install patch scp rename"),
    Known(_C, "rsync", "", r"(?:^|\s)(?:-\w*n\w*|--dry-run|--list-only)(?:\s|$)"),
    Known(_C, "tee", r"(?:^|\s)(?!-|/dev/(?:null|stderr|stdout|tty)(?:\s|$))\S"),
    Known(_C, "sed perl ruby", r"(?:^|\s)-[a-zA-Z]*i"),
    Known(_C, "tar", r"^-?[a-zA-Z]*[xcru]|--(?:extract|create|append|update)"),
    Known(_C, "gzip gunzip xz unxz bzip2 zstd", "", r"(?:^|\s)-\w*[ctl]|--(?:stdout|test|list)"),
    Known(_C, "sysctl", r"(?:^|\s)(?:-\w*[wp]|--(?:write|load|system))|\w=\S"),
    Known(_C, "mount", r"\S+\s+\S+|-o\s*\S*(?:remount|bind)|(?:^|\s)-a"),
    Known(_C, "umount swapoff losetup modprobe rmmod insmod lvextend lvreduce resize2fs xfs_growfs growpart"),
    Known(_C, "swapon", "", r"^(?:-s|--show|--summary|$)"),
    Known(_C, "systemctl", r"\b(?:start|stop|restart|try-restart|reload|reload-or-restart|kill|enable|disable|mask"
          r"|unmask|edit|set-property|set-environment|daemon-reload|daemon-reexec|isolate|reset-failed|revert"
          r"|reboot|poweroff)\b"),
    Known(_C, "service", r"\b(?:start|stop|restart|reload|force-reload)\b"),
    Known(_C, "supervisorctl pm2 monit", r"\b(?:start|stop|restart|reload|update|delete|unmonitor)\b"),
    Known(_C, "journalctl", r"--(?:vacuum-\w+|rotate|flush|sync|relinquish-var)"),
    Known(_C, "logrotate", "", r"(?:^|\s)(?:-\w*d|--debug)"),
    Known(_C, "useradd userdel usermod passwd groupadd visudo crontab", "", r"^-l\b"),
    Known(_C, "apt apt-get yum dnf apk zypper brew snap pip npm gem",
          r"\b(?:install|remove|purge|upgrade|update|autoremove|add|del|erase)\b"),
    Known(_C, "ip", r"\b(?:add|del|delete|change|replace|set|flush)\b"),
    Known(_C, "iptables ip6tables", r"(?:^|\s)(?:-[ADIRFXPNZE]|--(?:append|delete|insert|replace|flush|policy|zero))\b"),
    Known(_C, "nft", r"\b(?:add|delete|insert|replace|flush|create|destroy|reset|-f)\b"),
    Known(_C, "ipset tc brctl", r"\b(?:add|del|delete|change|replace|flush|destroy|create|addbr|delbr)\b"),
    Known(_D, "conntrack", r"(?:^|\s)(?:-[DF]\b|--(?:delete|flush)\b)"),
    Known(_C, "conntrack", r"(?:^|\s)(?:-[UI]\b|--(?:update|create)\b)"),
    Known(_C, "ethtool", r"(?:^|\s)-[A-Z]\b"),
    Known(_C, "ifconfig", r"\b(?:up|down|netmask|mtu)\b"),
    Known(_C, "resolvectl nscd rndc unbound-control", r"\b(?:flush\S*|reload|reconfig|revert|stop|-i|reset\S*)\b"),
    Known(_C, "chronyc", r"\b(?:makestep|burst|online|offline|add|delete|settime)\b"),
    Known(_C, "date", r"(?:^|\s)(?:-s|--set)\b"),
    Known(_C, "timedatectl hostnamectl localectl", r"\bset-"),
    Known(_C, "git", r"\b(?:push|reset|checkout|clean|commit|merge|rebase|revert|pull|stash|apply)\b"),
    Known(_C, "nginx", r"(?:^|\s)-s\b"),
    Known(_C, "apachectl apache2ctl httpd", r"\b(?:start|stop|restart|graceful\S*)\b"),
    Known(_C, "haproxy", r"(?:^|\s)-(?:sf|st|D)\b"),
    Known(_C, "varnishadm", r"\b(?:ban|param\.set|vcl\.(?:use|load|discard)|stop|start|backend\.set_health)\b"),
    Known(_C, "socat nc ncat", r"UNIX-LISTEN|TCP-LISTEN|(?:^|\s)-l"),
    Known(_C, "socat nc ncat", fed=r"\b(?:set|disable|enable|shutdown|clear|add|del|commit)\s"),  # an admin socket
    Known(_D, "git", r"(?:^|\s)--hard\b|\bpush\s+(?:-f|--force)\b|\bstash\s+(?:drop|clear)\b|\bbranch\s+-D\b"),
    # Scripts that are shown, in other languages
    Known(_C, "awk gawk mawk", r"\bsystem\s*\("),
    Known(_D, "python python3 perl ruby", r"\b(?:unlink|rmtree|os\.(?:remove|rmdir|removedirs|kill|killpg|truncate))\b"),
    Known(_C, "python python3 perl ruby", r"\b(?:os\.(?:system|popen|rename|chmod|chown|mkdir|makedirs)|shutil\.\w+|subprocess\.\w+)\b"
          r"|\bsystem\s*\(|\.write_(?:text|bytes)\("),
    # Scripts that are not shown
    Known(_C, "bash dash ksh sh zsh source", r"^[^-\s]"),
    Known(_C, "psql cqlsh ysqlsh ycqlsh clickhouse-client", r"(?:^|\s)(?:-f|--file|--queries-file)(?:\s|=)"),
    # Calls over HTTP; `-sd` and `-sXPOST` are two options in one word
    Known(_D, "curl", rf"(?:{_CURL}X\s*|--request[ =])DELETE\b"),
    Known(_C, "curl", rf"(?:{_CURL}X\s*|--request[ =])(?:PUT|PATCH)\b"),
    Known(_C, "curl", rf"(?:{_CURL}X\s*|--request[ =])POST\b|{_CURL}[dFT]\b|(?:^|\s)--(?:data\S*|json|form|upload-file)\b",
          r"/_(?:search|msearch|count|validate|analyze|field_caps|explain|rank_eval|cluster/allocation/explain"
          r"|(?:\w+/)*simulate\w*)\b|/api/v1/(?:query|series|labels)|(?:-X\s*|--request[ =])GET\b|(?:^|\s)(?:-G|--get)\b"),
    Known(_C, "curl", rf"{_CURL}O|(?:^|\s)--remote-name|(?:{_CURL}o\s*+|--output[ =])(?!/dev/null|-(?:\s|$))"),
    Known(_C, "wget", "", r"-O\s*(?:-|/dev/null)|--spider|-qO-"),
    Known(_C, "http https xh", r"\b(?:POST|PUT|PATCH|DELETE)\b"),
    # Containers and clusters
    Known(_D, "kubectl oc", r"^(?:\S+\s+)*?(?:delete|drain)\b", r"--dry-run|^(?:\S+\s+)*?(?:get|describe|logs|top|exec|auth|explain)\s"),
    Known(_C, "kubectl oc", r"^(?:\S+\s+)*?(?:apply|create|scale|patch|edit|replace|set|annotate|label|taint|cordon"
          r"|uncordon|run|expose|autoscale|cp|debug|certificate|rollout\s+(?:restart|undo|pause|resume))\b",
          r"--dry-run|--list\b|^(?:\S+\s+)*?(?:get|describe|logs|top|exec|auth|explain|rollout\s+(?:status|history))\s"),
    Known(_D, "helm", r"\b(?:uninstall|delete)\b", "--dry-run"),
    Known(_C, "helm", r"\b(?:install|upgrade|rollback)\b", "--dry-run"),
    Known(_D, _CONTAINERS, r"^(?:\S+\s+)??(?:rm|rmi|kill|rmp|prune)\b|\bprune\b"),
    Known(_C, _CONTAINERS, r"^(?:(?:container|compose|service|stack)\s+)?(?:start|stop|restart|run|create|update|pause"
          r"|unpause|up|down|scale|deploy|pull|load|import|commit|cp|stopp)\b"),
    Known(_C, "istioctl linkerd", r"\b(?:install|upgrade|inject|uninstall)\b"),
    Known(_C, "nomad", r"\b(?:stop|run|restart|drain|purge)\b"),
    Known(_C, "terraform tofu pulumi ansible-playbook", r"\b(?:apply|destroy|import|taint|up)\b|\.ya?ml\b", r"--(?:check|syntax-check|list-\w+)"),
    Known(_C, "aws", "", r"(?:^|\s)(?:describe|list|get|head|ls|search|query|scan|lookup|filter|estimate|validate|simulate|wait"
          r"|presign|tail|batch-get|start-query|help)(?:-[\w-]+)?(?:\s|$)"),
    Known(_C, "gcloud az", r"\b(?:create|delete|update|add|remove|set|reset|restart|stop|start|failover|patch|deploy|import|export)\b"),
    Known(_D, "gsutil", r"\brm\b"),
    # Stores
    Known(_D, "etcdctl", r"\b(?:del|compact(?:ion)?|member\s+remove|lease\s+revoke|(?:user|role)\s+delete)\b"),
    Known(_C, "etcdctl", r"(?<!-)\b(?:put|defrag|txn|alarm\s+disarm|snapshot\s+(?:save|restore)|member\s+(?:add|update|promote)"
          r"|lease\s+grant|auth\s+(?:enable|disable)|move-leader|make-mirror|(?:user|role)\s+(?:add|grant\S*|revoke\S*))\b"),
    Known(_C, "etcdutl", r"\b(?:defrag|snapshot\s+restore|migrate)\b"),
    Known(_D, _REDIS, r"(?i)(?:^|\s)(?:FLUSHALL|FLUSHDB|DEL|UNLINK|GETDEL|SHUTDOWN|HDEL|LPOP|RPOP|SPOP|SREM|ZREM\w*|XDEL|XTRIM|LTRIM"
          r"|LREM|SWAPDB|CLUSTER\s+(?:RESET|FORGET|FLUSHSLOTS)|(?:CLIENT|SCRIPT)\s+KILL)\b", _REDIS_ASKS),
    Known(_C, _REDIS, r"(?i)(?:^|\s)(?:SET(?:EX|NX|RANGE|BIT)?|M?SETNX|MSET|P?SETEX|GETSET|GETEX|APPEND|INCR\w*|DECR\w*|P?EXPIRE\w*|PERSIST|RENAME\w*"
          r"|MOVE|COPY|RESTORE|MIGRATE|[LR]PUSH\w*|LSET|LINSERT|LMOVE|RPOPLPUSH|SADD|SMOVE|\w+STORE|ZADD|ZINCRBY|ZPOP\w+|HSET\w*|HMSET|HINCR\w+"
          r"|XADD|XACK|XGROUP|XCLAIM|XAUTOCLAIM|PFADD|GEOADD|PUBLISH|EVAL\w*|FCALL|SAVE|BGSAVE|BGREWRITEAOF|REPLICAOF|SLAVEOF|FAILOVER"
          r"|DEBUG\s+(?!OBJECT)\w+|CONFIG\s+(?:SET|REWRITE|RESETSTAT)|CLIENT\s+(?:PAUSE|UNPAUSE|NO-EVICT)"
          r"|CLUSTER\s+(?:FAILOVER|MEET|REPLICATE|SETSLOT|ADDSLOTS\w*|DELSLOTS\w*|BUMPEPOCH|SAVECONFIG)|SLOWLOG\s+RESET|LATENCY\s+RESET"
          r"|ACL\s+(?:SETUSER|DELUSER|LOAD|SAVE)|MEMORY\s+PURGE|SCRIPT\s+(?:FLUSH|LOAD)|FUNCTION\s+(?:LOAD|DELETE|FLUSH|RESTORE)"
          r"|MODULE\s+(?:UN)?LOAD|SENTINEL\s+(?:FAILOVER|RESET|SET|REMOVE|MONITOR|FLUSHCONFIG))\b", _REDIS_ASKS),
    Known(_C, _REDIS, r"(?:^|\s)--(?:rdb|functions-rdb|pipe|cluster\s+(?:fix|rebalance|reshard|del-node|add-node|create|import|set-timeout|call))\b"),
    Known(_C, "mysqlbinlog mysqldump pg_dump pg_dumpall pg_basebackup mariadb-dump", r"--raw|--result-file|(?:^|\s)(?:-r|-f|--file|-D|--pgdata)\b"),
    Known(_C, "mysqladmin mariadb-admin", r"\b(?:kill|flush-\S+|shutdown|st(?:op|art)-\S+|drop|create|password|refresh|reload)\b"),
    Known(_C, "pg_ctl pg_ctlcluster", r"\b(?:start|stop|restart|reload|promote|kill|logrotate)\b"),
    Known(_D, "pg_resetwal dropdb pg_rewind"),
    Known(_D, "pg_archivecleanup", "", r"(?:^|\s)(?:-\w*n\w*|--dry-run)(?:\s|$)"),
    Known(_C, "vacuumdb reindexdb clusterdb createdb pg_restore pg_repack"),
    Known(_C, "patronictl", r"\b(?:switchover|failover|restart|reload|reinit|pause|resume|edit-config|remove|flush)\b"),
    Known(_C, "orchestrator-client", r"-c\s+(?:relocate\S*|graceful-\S+|force-\S+|recover\S*|(?:dis|en)able-global-recoveries|set-\S+|begin-downtime|stop-\S+|start-\S+|forget\S*)"),
    Known(_C, "nodetool", r"\b(?:cleanup|compact|garbagecollect|repair|flush|drain|decommission|removenode|assassinate|move|rebuild\w*|scrub|snapshot"
          r"|clearsnapshot|set\w+|enable\w+|disable\w+|stop|stopdaemon|truncatehints|upgradesstables|refresh\w*|reload\w+|invalidate\w+"
          r"|bootstrap|forcecompact|import|join|pausehandoff|resumehandoff|replaybatchlog|reset\w+|relocatesstables)\b"),
    Known(_C, "kafka-topics kafka-topics.sh", r"--(?:create|delete|alter)\b"),
    Known(_C, "kafka-configs kafka-configs.sh kafka-acls kafka-acls.sh", r"--(?:alter|add|remove)\b"),
    Known(_C, "kafka-consumer-groups kafka-consumer-groups.sh", r"--(?:execute|delete|delete-offsets)\b"),
    Known(_C, "kafka-reassign-partitions kafka-reassign-partitions.sh", r"--(?:execute|cancel|verify)\b",
          "--preserve-throttles"),  # a verification lifts the throttles
    Known(_C, "kafka-leader-election kafka-leader-election.sh kafka-console-producer kafka-console-producer.sh"),
    Known(_D, "kafka-delete-records kafka-delete-records.sh"),
    Known(_D, "rabbitmqctl", r"\b(?:purge_queue|delete_\w+|force_reset|reset|forget_cluster_node)\b"),
    Known(_C, "rabbitmqctl rabbitmq-queues rabbitmq-plugins rabbitmq-upgrade",
          r"\b(?:stop|stop_app|start_app|shutdown|force_\w+|set_\w+|clear_\w+|add_\w+|close_\w+|eval|change_\w+|enable\w*|disable\w*|rotate_logs"
          r"|sync_queue|cancel_sync_queue|grow|shrink|rebalance|drain|revive|suspend_\w+|resume_\w+|restart_vhost|join_cluster)\b"),
    Known(_D, "mongosh mongo", r"\.(?:delete|remove|drop|findOneAndDelete)\w*\(|killOp|shutdown"),
    Known(_C, "mongosh mongo", r"\.(?:insert|update|replace|bulkWrite|createIndex|findOneAnd|renameCollection|save)\w*\(|setParameter|fsync"
          r"|stepDown|reconfig|initiate|compact|setFeatureCompatibilityVersion|set(?:Profiling|Log)Level"),
    Known(_C, "consul", r"\b(?:kv\s+(?:put|delete|import)|force-leave|leave|join|reload|maint|snapshot\s+(?:save|restore)|operator\s+\S+\s+remove-peer)\b"),
    Known(_C, "vault", r"\b(?:write|delete|operator\s+(?:seal|unseal|step-down|rekey|rotate)|lease\s+(?:revoke|renew)|token\s+(?:create|revoke))\b"),
    Known(_C, "ceph", r"\b(?:osd\s+(?:out|in|set|unset|purge|destroy|rm|reweight\S*|crush)|config\s+set|pg\s+(?:repair|scrub|deep-scrub)|orch\s+(?:apply|rm|restart))\b"),
    Known(_C, "zkCli.sh", r"\b(?:create|set|delete|deleteall|rmr|setAcl)\b"),
    # Programs that are looked into
    Known(_C, "jcmd", r"\b(?:GC\.(?:run\w*|heap_dump|class_histogram)|VM\.(?:set_flag|log\s+\S|cds)|JFR\.(?:start|stop|dump)|Compiler\.\w*clear\w*|ManagementAgent\.st\w+)\b",
          r"GC\.class_histogram\s+(?:.*\s)?-all(?:=true)?\b"),
    Known(_C, "jmap", r"-dump\b|-histo:live"),
    Known(_C, "jhsdb", r"--(?:binaryheap|dumpfile)|\bjmap\b"),
    Known(_C, "gdb", r"\b(?:call|set|kill)\b"),
    Known(_C, "gcore tcpdump", r"^\d|(?:^|\s)-w(?!\s+-(?:\s|$))"),
    Known(_C, "vtysh birdc", r"\b(?:clear|configure|conf t|disable|enable|restart|reload)\b"),
)  # fmt: skip

_RUN_WHAT_THEY_READ: Final = shell.SHELLS.union(_SQL_TOOLS.split(), _REDIS.split())
_SQL_GIVEN: Final = re.compile(r"(?:^|\s)(?:-\w*[ce]|--(?:command|execute|eval|query))(?:\s|=|$)|^-c\b")
_SQL_DESTROYS: Final = re.compile(
    r"^(?:DROP|TRUNCATE|DELETE|RESET\s+(?:MASTER|REPLICA|SLAVE|BINARY)|PURGE|KILL|ROLLBACK\s+PREPARED)\b", re.IGNORECASE
)  # fmt: skip
_SQL_CHANGES: Final = re.compile(
    r"^(?:INSERT|UPDATE|MERGE|UPSERT|REPLACE|CREATE|ALTER|GRANT|REVOKE|STOP|START\s+(?:REPLICA|SLAVE|GROUP_REPLICATION)|CHANGE|FLUSH|OPTIMI[SZ]E"
    r"|REPAIR|ANALY[SZ]E\s+TABLE|ANALYZE|VACUUM|REINDEX|CLUSTER|CHECKPOINT|COPY|COMMIT\s+PREPARED|LOCK|CALL|LOAD|RENAME|REFRESH"
    r"|COMMENT|REASSIGN|IMPORT|NOTIFY|INSTALL|UNINSTALL|RESTORE|BACKUP|SYSTEM|DETACH|ATTACH|SHUTDOWN|RESTART|CLONE"
    r"|SET\s+(?:GLOBAL|PERSIST\w*|@@(?:GLOBAL|PERSIST\w*)|PASSWORD|CLUSTER)|RESET\s+PERSIST)\b"
    r"|\bINTO\s+(?:OUTFILE|DUMPFILE)\b|\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b|^SELECT\b.*\bINTO\s+(?!@)\w+\s+FROM\b",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_SQL_WITH: Final = re.compile(r"^(?:WITH|EXPLAIN)\b", re.IGNORECASE)
_SQL_WITHIN: Final = re.compile(
    r"\b(?:(DELETE\s+FROM|DROP\s|TRUNCATE\s)|INSERT\s+INTO|UPDATE\s+\S+\s+SET)", re.IGNORECASE
)
_SQL_CALLS: Final = re.compile(
    r"\b(?:(pg_terminate_backend|pg_drop_replication_slot|lo_unlink|pg_replication_origin_drop)"
    r"|pg_cancel_backend|pg_create_\w+|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_promote|pg_stat_(?:statements_)?reset\w*|pg_current_xact_id"
    r"|txid_current|pg_replication_slot_advance|pg_wal_replay_(?:pause|resume)|pg_backup_\w+|pg_(?:try_)?advisory_\w*lock\w*"
    r"|setval|nextval|pg_log_backend_memory_contexts|pg_export_snapshot|group_replication_set_\w+|dblink_exec)\s*\(",
    re.IGNORECASE,
)  # fmt: skip
_SQL_VERSIONED: Final = re.compile(r"/\*M?!\d*")
"""What looks like a comment, and is run by MySQL and MariaDB."""
_SQL_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_SQL_END: Final = re.compile(r";|\\[gG]\b")
_BY_PROGRAM: Final = {
    name: [row for row in KNOWN if name in row.programs.split()]
    for row in KNOWN
    for name in row.programs.split()
}
_PATTERNS: Final = {
    text: re.compile(text) for row in KNOWN for text in (row.words, row.unless, row.fed) if text
}
_ORDER: Final = [*Effect]


def effects_of(text: str) -> Iterator[tuple[Effect, str]]:
    """What a command is known to do beyond reading, and what of it says so."""
    script = shell.read(text)
    for name in script.writes:
        yield Effect.CHANGES, f"writes to the file {name}"
    for call in script.calls:
        yield from effects_of_call(call)


def effects_of_call(call: Call) -> Iterator[tuple[Effect, str]]:
    """What one program is known to do with these arguments."""
    yield from (
        (row.effect, f"runs {_short(call)}") for row in _BY_PROGRAM.get(call.program, ()) if _fits(row, call)
    )
    if call.program in _SQL_TOOLS.split():
        for text in (*call.words, call.fed):
            yield from ((effect, f"runs {what}") for effect, what in _effects_of_sql(text))
    if call.piped and call.program in _RUN_WHAT_THEY_READ and not _SQL_GIVEN.search(call.line):
        yield Effect.CHANGES, f"pipes into {call.program} what is not shown"
    if call.piped and call.program in _INTERPRETERS and call.line in ("", "-"):
        yield Effect.CHANGES, f"pipes into {call.program} what is not shown"


def _fits(row: Known, call: Call) -> bool:
    """True where each of a row's patterns is found, and that of `unless` is not."""
    line = f"{call.line} {call.fed}" if call.program in _RUN_WHAT_THEY_READ else call.line
    wanted = ((row.words, line), (row.fed, call.fed))
    if row.unless and _PATTERNS[row.unless].search(call.line):
        return False
    return all(_PATTERNS[pattern].search(text) for pattern, text in wanted if pattern)


def worst(effects: Iterator[tuple[Effect, str]]) -> tuple[Effect, str]:
    """The gravest of effects, the first of its kind; `reads` where there is none."""
    return max(effects, key=lambda found: _ORDER.index(found[0]), default=(Effect.READS, ""))


def _effects_of_sql(text: str) -> Iterator[tuple[Effect, str]]:
    for statement in _SQL_END.split(_SQL_QUOTED.sub("''", _SQL_VERSIONED.sub(";", text))):
        words = " ".join(statement.split())
        shown = f"`{words[:60]}`"
        if _SQL_DESTROYS.search(words):
            yield Effect.DESTROYS, shown
        elif _SQL_CHANGES.search(words):
            yield Effect.CHANGES, shown
        elif _SQL_WITH.match(words) and (found := _SQL_WITHIN.search(words)):
            yield (Effect.DESTROYS if found[1] else Effect.CHANGES), shown
        for called in _SQL_CALLS.finditer(words):
            yield (Effect.DESTROYS if called[1] else Effect.CHANGES), f"`{called[0]}…)`"


def _short(call: Call) -> str:
    return f"`{' '.join([call.program, *call.words])[:60]}`"
