#!/usr/bin/env bash
# A real S3 server for tests: one Ceph monitor, one object store in memory and one RADOS gateway, all bound to
# loopback. Needs radosgw, ceph-mon, ceph-osd and ceph-common; about 13 s to start and 1 GB of memory.
#
#   ceph-rgw.sh start DIR [OWNER_PID]   prints the endpoint and the keys as shell variables
#   ceph-rgw.sh stop DIR                ends the processes that start left behind and removes DIR
#
# With OWNER_PID the server stops by itself when that process has gone, however it went.
set -Eeuo pipefail

action=${1:?start or stop}
mkdir -p "${2:?a folder for data, logs and process ids}"
dir=$(cd "$2" && pwd)
owner=${3:-}

# Nothing that the processes hold is worth a clean end, which takes the object store several seconds.
stop_all() {
  local file
  for file in "$dir"/*.pid; do
    [[ -s $file ]] && kill -9 "$(<"$file")" 2>/dev/null || true
  done
  rm -rf "${dir:?}"
}

if [[ $action == stop ]]; then
  stop_all
  exit 0
fi

# Below the range from which the kernel picks ports for outgoing connections.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  echo 'no free port between 20000 and 29999' >&2
  return 1
}

failed() {
  trap - ERR
  echo "ceph-rgw.sh: line $1 failed; the ends of its logs:" >&2
  tail -n 20 "$dir"/*.log >&2 || true
  stop_all
  exit 1
}
trap 'failed $LINENO' ERR

mon_port=$(free_port)
access_key=test$RANDOM$RANDOM
secret_key=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
fsid=$(</proc/sys/kernel/random/uuid)
osd_id=$(</proc/sys/kernel/random/uuid)
conf=$dir/ceph.conf
mkdir -p "$dir"/{mon,osd,rgw}

cat > "$conf" <<CONF
[global]
fsid = $fsid
mon_initial_members = a
mon_host = v1:127.0.0.1:$mon_port
ms_bind_msgr2 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
run_dir = $dir
admin_socket = $dir/\$name.asok
log_file = $dir/\$name.log
pid_file = $dir/\$name.pid
[mon.a]
mon_data = $dir/mon
host = localhost
[osd.0]
osd_data = $dir/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
host = localhost
[client.rgw]
rgw_data = $dir/rgw
rgw_dns_name = s3.localhost
rgw_multipart_min_part_size = 5242880
CONF

log() { "$@" >> "$dir/start.log" 2>&1; }
until_true() {
  local tries=$1
  shift
  for _ in $(seq "$tries"); do log "$@" && return; sleep .1; done
  return 1
}

# A program that asks the monitor for its configuration first forgets the cluster's id until the next answer; what it
# sends in between is refused as "wrong fsid", about once in twenty starts. The daemons need not ask. `ceph` always
# does, so its commands, which may be repeated, are repeated until the monitor takes them.
daemon() {
  local program=$1
  shift
  log "$program" -c "$conf" --no-mon-config "$@"
}
command_monitor() { until_true 50 timeout 5 ceph -c "$conf" "$@"; }

log monmaptool --create --clobber --addv a "[v1:127.0.0.1:$mon_port]" --fsid "$fsid" "$dir/monmap"
log ceph-mon -c "$conf" --mkfs -i a --monmap "$dir/monmap"
log ceph-mon -c "$conf" -i a
command_monitor -s
command_monitor osd create "$osd_id" 0
daemon ceph-osd -i 0 --mkfs --osd-uuid "$osd_id"
command_monitor osd crush add osd.0 1 root=default host=localhost
daemon ceph-osd -i 0
# Picked now and not with the other port: several seconds lie between, in which another server may take it.
port=$(free_port)
daemon radosgw -n client.rgw --rgw-frontends "beast endpoint=127.0.0.1:$port"
until_true 300 curl -sS -o /dev/null "http://127.0.0.1:$port"
daemon radosgw-admin -n client.rgw user create --uid test --display-name test \
  --access-key "$access_key" --secret-key "$secret_key"

if [[ -n $owner ]]; then
  setsid "$BASH" -c 'while kill -0 "$1" 2>/dev/null; do [[ -d $2 ]] || exit 0; sleep 1; done; exec "$0" stop "$2"' \
    "$0" "$owner" "$dir" < /dev/null > /dev/null 2>&1 &
fi
echo "S3_ENDPOINT=http://127.0.0.1:$port AWS_ACCESS_KEY_ID=$access_key AWS_SECRET_ACCESS_KEY=$secret_key AWS_REGION=us-east-1"
