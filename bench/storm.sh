#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Connections by the thousand: how fast they are accepted, what an idle one costs, and a storm of all coming back.
#
#   storm.sh [CONNECTIONS [ROUNDS]]     19000 and 3 by default; a process needs as many open files (ulimit -n)
#
# The gateway first, then Mosquitto. Needs: bash, gcc, java, mosquitto.
set -euo pipefail

here=$(cd -P "$(dirname "$0")" && pwd)
connections=${1:-19000}
rounds=${2:-3}
work=$(mktemp -d)
port=$((20000 + RANDOM % 8000))
server=

end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

# load NAME: connects to the server that was just started, and stops it
load() {
  local line
  until (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; do
    kill -0 "$server" || { cat "$work"/*.log >&2; exit 2; }
    sleep 0.3
  done
  sleep 3
  "$work/storm" -p "$port" -s "$server" -c "$connections" -r "$rounds" | while read -r line; do echo "$1 $line"; done
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  port=$((port + 1))
}

gcc -O2 -o "$work/storm" "$here/storm.c"
ulimit -n "$(ulimit -H -n)"

cat >"$work/gateway.yaml" <<YAML
store: {directory: "$work/data"}
listeners: [{url: "mqtt://127.0.0.1:$port", max-connections-per-address: 50000, max-accept-rate: 0, max-accept-rate-per-address: 0}]
admin: {listen: "127.0.0.1:0"}
limits: {max-connects-per-minute: 0, max-flaps-per-minute: 0}
YAML
GANTRY_OPTS="${GANTRY_OPTS:--Xmx1g}" "$here/../gantry" run -c "$work/gateway.yaml" >"$work/gateway.log" 2>&1 &
server=$!
load gateway

printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" >"$work/mosquitto.conf"
"$(command -v mosquitto || echo /usr/sbin/mosquitto)" -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
server=$!
load mosquitto
