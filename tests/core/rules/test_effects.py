"""What is known to change or to destroy something, and what only reads."""

from __future__ import annotations

import re

import pytest

from atlas.rules import effects, shell
from atlas.rules.effects import KNOWN, Effect

READS = """
df -h <dir>
cat /proc/<pid>/limits
grep -E 'rm|kill|DROP TABLE' <log> | sort | uniq -c
curl -sS -o /dev/null -m <seconds> -w '%{http_code}\\n' '<url>'
curl -s -XPOST '<url>/_search?size=0' -d '{"query": {"match_all": {}}}'
curl -G -d 'query=up' <url>/api/v1/query
redis-cli INFO persistence
redis-cli CONFIG GET save
redis-cli --bigkeys
redis-cli -h <host> GET user
psql -X -c 'SELECT pid, state FROM pg_stat_activity ORDER BY 2'
psql -X -c "SELECT 'DELETE FROM x', updated_at FROM t -- DROP TABLE t"
psql -X -c 'EXPLAIN ANALYZE SELECT 1'
psql -X -c 'WITH a AS (SELECT 1) SELECT * FROM a'
mysql -e 'SHOW REPLICA STATUS\\G'
mysql -e 'SET SESSION max_execution_time = 1; SELECT 1'
echo 'SELECT 1' | psql -X
cqlsh -e 'DESCRIBE TABLE <keyspace>.<table>'
etcdctl alarm list
etcdctl member list
etcdctl get '' --prefix --keys-only
kubectl get pods -A --field-selector status.phase=Failed
kubectl -n <namespace> describe pod <pod>
kubectl logs deploy/set-worker --previous
kubectl exec <pod> -- cat /etc/resolv.conf
kubectl apply --dry-run=server -f <file>
kubectl auth can-i delete pods
kubectl rollout status deploy/<name>
docker ps
docker exec <container> redis-cli INFO
systemctl status nginx
systemctl is-active nginx
journalctl -u nginx --since -1h
sysctl vm.overcommit_memory
sysctl -n net.core.somaxconn
ip route show
iptables -S
iptables -L -n -v
conntrack -S
conntrack -L
ss -ltn 'sport = :<port>'
kill -0 <pid>
kill -l
pkill -0 nginx
tar -tf <file>
rsync -an <from> <to>
sed -n 1,5p <file>
find <dir> -name '*.log'
nginx -t
nodetool tablestats <keyspace>
nodetool compactionstats
kafka-topics.sh --describe --under-min-isr-partitions
kafka-consumer-groups.sh --reset-offsets --dry-run --to-earliest
kafka-reassign-partitions.sh --verify --preserve-throttles
rabbitmqctl list_queues name messages
mongosh --eval 'db.serverStatus()'
jcmd <pid> VM.flags
jcmd <pid> GC.class_histogram -all
jstat -gcutil <pid>
jmap -histo <pid>
aws ec2 describe-instances --instance-ids <id>
aws --region <region> s3 ls
gcloud compute instances list
helm history <release>
consul kv get <key>
vault status
dd if=<disk> of=/dev/null bs=1M count=10
env -u ETCDCTL_ENDPOINTS etcdctl endpoint status
echo 'show stat' | socat stdio <socket>
crontab -l
mount
swapon --show
gzip -dc <file>
wget -qO- <url>
tcpdump -c 10 -i any
date -u
tee /dev/null
logrotate -d /etc/logrotate.conf
python3 -c 'print(1)'
sudo -u postgres psql -X -c 'SELECT 1'
mysqldump --no-data <database>
psql -X -c 'SELECT 1' < /dev/null
bash -n fix.sh
kubectl exec -it <pod> -- sh
openssl s_client -connect <host>:<port> </dev/null
git log --oneline
curl -sf <url>
curl -sS -so /dev/null <url>
awk '{ print $1 }' <file>
python3 -c "import datetime; print(datetime.date.today().replace(year=2028))"
<client> | python3 -m json.tool
pg_archivecleanup -n <archive> <file>
""".strip().split("\n")
CHANGES = """
df -h > /tmp/df
df -h | tee /tmp/df
echo 1 | sudo tee /proc/sys/vm/drop_caches
sudo sh -c 'echo 1 > /proc/sys/vm/drop_caches'
curl -X POST <url>/-/reload
curl -XPUT <url>/_cluster/settings -d '{}'
curl -d '{}' <url>/_cluster/reroute
curl -o core.tgz <url>
curl -O <url>
curl <url> | sh
curl <url> | python3
curl <url> | sudo perl -
curl -sd '{}' <url>
curl -sXPOST <url>
curl -fsSLo core.tgz <url>
awk 'BEGIN { system("date -s 0") }'
python3 -c 'import subprocess; subprocess.run(["date"])'
python3 -c 'from pathlib import Path; Path("x").write_text("y")'
wget <url>
redis-cli CONFIG SET maxmemory 1gb
redis-cli -h <host> config set maxmemory 1gb
redis-cli SET a b
redis-cli BGSAVE
redis-cli --rdb <file>
echo 'SET a b' | redis-cli
psql -X -c 'VACUUM FREEZE <table>'
psql -X -c 'SELECT pg_cancel_backend(<pid>)'
psql -X -c 'select pg_reload_conf ()'
psql -X -c 'SELECT 1; ALTER SYSTEM SET work_mem = 1'
psql -X -c 'WITH gone AS (INSERT INTO a SELECT 1 RETURNING *) SELECT * FROM gone'
psql -X <<'EOF'\\nUPDATE t SET a = 1;\\nEOF
echo 'CREATE INDEX i ON t (a)' | psql -X
cat fix.sql | mysql <database>
mysql <database> < fix.sql
psql -X -f fix.sql
bash fix.sh
sudo sh fix.sh
mysql -e 'SET GLOBAL read_only = ON'
mysql -e 'SET @@GLOBAL.read_only = 1'
mysql -e "SELECT * FROM t INTO OUTFILE '/tmp/x'"
mysql -e 'STOP REPLICA'
mysqladmin flush-hosts
cqlsh -e 'ALTER TABLE t WITH gc_grace_seconds = 1'
etcdctl put a b
etcdctl defrag
etcdctl --endpoints=<e> alarm disarm
kubectl scale deploy/<name> --replicas=0
kubectl -n <namespace> rollout restart deploy/<name>
kubectl cordon <node>
kubectl exec <pod> -- redis-cli CONFIG SET maxmemory 1gb
kubectl exec <pod> -- sh -c 'echo x > /tmp/y'
docker restart <container>
systemctl restart nginx
sudo systemctl daemon-reload
service nginx reload
sysctl -w vm.overcommit_memory=1
sysctl vm.overcommit_memory=1
sysctl -p
swapon /swapfile
mount -o remount,rw /
ip link set eth0 down
iptables -A INPUT -j DROP
nft add rule inet filter input drop
chown <user> <dir>
cp <from> <to>
mv <from> <to>
sed -i s/a/b/ <file>
tar -xzf <file>
gzip <file>
rsync -a <from> <to>
kill -3 <pid>
kill -HUP <pid>
pkill -HUP nginx
nginx -s reload
nodetool repair -pr
kafka-configs.sh --alter --add-config retention.ms=1
kafka-consumer-groups.sh --reset-offsets --to-latest --execute
kafka-reassign-partitions.sh --verify --reassignment-json-file <file>
kafka-leader-election.sh --election-type preferred --all-topic-partitions
rabbitmqctl set_vm_memory_high_watermark 0.6
mongosh --eval 'db.adminCommand({setParameter: 1, a: 2})'
jcmd <pid> GC.heap_dump <file>
jcmd <pid> GC.class_histogram
jmap -histo:live <pid>
aws ec2 reboot-instances --instance-ids <id>
aws s3 cp <from> <to>
gcloud compute instances stop <name>
helm rollback <release>
vault operator step-down
apt-get install -y jq
git push
crontab -e
echo 'disable server web/a' | socat stdio <socket>
tcpdump -w <file>
patronictl switchover
mysqlbinlog --raw --result-file=<dir> <log>
for p in <pods>; do kubectl annotate pod $p a=b; done
timeout 5 systemctl stop nginx
ssh <host> 'systemctl restart nginx'
ls | xargs -n1 chmod 600
find <dir> -name x -exec chmod 600 {} +
""".strip().split("\n")
DESTROYS = """
\\rm <file>
git reset --hard HEAD
git push --force
git stash drop
python3 -c 'import os; os.remove("x")'
perl -e 'unlink "x"'
curl -sXDELETE <url>
mysql -e '/*!50000 DROP TABLE t */'
mysql -e '/*M!100100 DELETE FROM t */'
rm <dir>/temp-<number>.rdb
find <dir> -name '*.log' -delete
ls <dir> | xargs rm -f
kill -9 <pid>
kill <pid>
pgrep java | xargs -r kill
pkill -f worker
truncate -s 0 <log>
dd if=/dev/zero of=<disk>
psql -X -c 'DROP TABLE <table>'
psql -X -c 'delete from <table> where true'
psql -X -c 'SELECT pg_terminate_backend(<pid>)'
psql -X -c "SELECT pg_drop_replication_slot('<slot>')"
psql -X -c "ROLLBACK PREPARED '<gid>'"
psql -X -c 'WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone'
echo 'TRUNCATE t' | psql
mysql -e 'SELECT 1; KILL <id>'
mysql -e 'RESET MASTER'
mysql -e "PURGE BINARY LOGS TO '<log>'"
redis-cli FLUSHALL
redis-cli -n 3 del a
redis-cli SHUTDOWN NOSAVE
etcdctl del a --prefix
etcdctl compact <revision>
kubectl delete pod <pod>
kubectl -n <namespace> drain <node>
kubectl exec <pod> -- rm -rf /tmp/x
docker rm <container>
docker system prune
curl -X DELETE <url>/<index>
conntrack -D -s <address>
rabbitmqctl purge_queue <queue>
mongosh --eval 'db.a.deleteMany({})'
kafka-delete-records.sh --offset-json-file <file>
pg_resetwal <dir>
pg_archivecleanup -d <archive> <file>
reboot
helm uninstall <release>
sudo env A=b nice rm x
cat <<'EOF' | bash\\nrm x\\nEOF
""".strip().split("\n")


@pytest.mark.parametrize("text", READS)
def test_what_only_reads(text: str) -> None:
    assert effects.worst(effects.effects_of(text)) == (Effect.READS, "")


@pytest.mark.parametrize("text", CHANGES)
def test_what_changes_something(text: str) -> None:
    worst, why = effects.worst(effects.effects_of(text.replace("\\n", "\n")))
    assert worst is Effect.CHANGES
    assert why


@pytest.mark.parametrize("text", DESTROYS)
def test_what_destroys_something(text: str) -> None:
    assert effects.worst(effects.effects_of(text.replace("\\n", "\n")))[0] is Effect.DESTROYS


def test_the_reason_names_the_program() -> None:
    assert effects.worst(effects.effects_of("df | xargs rm"))[1] == "runs `rm`"
    assert effects.worst(effects.effects_of("df > out"))[1] == "writes to the file out"
    assert effects.worst(effects.effects_of("df | sh"))[1] == "pipes into sh what is not shown"


def test_every_row_says_when_it_holds() -> None:
    """A row without a pattern is of programs that do nothing else."""
    for row in KNOWN:
        assert row.programs
        for pattern in filter(None, (row.words, row.unless, row.fed)):
            re.compile(pattern)


def test_no_program_stands_in_a_row_twice() -> None:
    assert all(len(row.programs.split()) == len(set(row.programs.split())) for row in KNOWN)


def test_an_unknown_program_passes() -> None:
    assert list(effects.effects_of_call(shell.Call("frobnicate", ("--all",)))) == []
