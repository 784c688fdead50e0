#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Publish and subscribe without Kafka: the gateway beside Mosquitto, one after the other in each round, on one machine.
#
#   pubsub.sh [ROUNDS [PART]]     5 rounds of each case by default; PART divides the number of messages, 1 by default
#
# Prints a table of medians: messages delivered per second, CPU time (user and system) of the server per message
# delivered, and the gateway's share of Mosquitto's. The gateway is warmed up with two rounds that do not count.
# Needs: bash, gcc, java, mosquitto.
set -euo pipefail

here=$(cd -P "$(dirname "$0")" && pwd)
rounds=${1:-5}
part=${2:-1}
work=$(mktemp -d)
gateway_port=$((20000 + RANDOM % 4000))
mosquitto_port=$((gateway_port + 4000))
cases=(
  "one to one, QoS 0|-P 50 -S 50 -n $((600000 / part)) -q 0 -w 100"
  "one to one, QoS 1|-P 50 -S 50 -n $((400000 / part)) -q 1 -w 100"
  "one to one, QoS 0, 10,000/s|-P 50 -S 50 -n $((40000 / part)) -q 0 -w 1000 -r 10000"
  "one to one, QoS 1, 10,000/s|-P 50 -S 50 -n $((40000 / part)) -q 1 -w 1000 -r 10000"
  "1 to 500, QoS 0|-P 1 -S 500 -n $((2000 / part)) -q 0 -w 20"
  "1 to 500, QoS 1|-P 1 -S 500 -n $((1600 / part)) -q 1 -w 20"
  "1 to 500, QoS 0, 10,000/s|-P 1 -S 500 -n $((80 / part)) -q 0 -w 20 -r 20"
  "1 to 500, QoS 1, 10,000/s|-P 1 -S 500 -n $((80 / part)) -q 1 -w 20 -r 20"
)
servers=()

end() {
  ((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

start() {
  gcc -O2 -o "$work/pubsub" "$here/pubsub.c"
  cat >"$work/mosquitto.conf" <<CONF
listener $mosquitto_port 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_inflight_messages 0
set_tcp_nodelay true
CONF
  cat >"$work/gateway.yaml" <<YAML
store: {directory: "$work/data"}
listeners: [{url: "mqtt://127.0.0.1:$gateway_port", max-connections-per-address: 10000, max-accept-rate-per-address: 0}]
admin: {listen: "127.0.0.1:0"}
limits: {max-publish-rate: 0, max-publish-rate-per-address: 0, receive-maximum: 65535, max-inflight: 65535, max-queued-messages: 100000, max-queued-bytes: 64MiB}
YAML
  "$(command -v mosquitto || echo /usr/sbin/mosquitto)" -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
  mosquitto=$!
  "$here/../gantry" run -c "$work/gateway.yaml" >"$work/gateway.log" 2>&1 &
  gateway=$!
  servers=("$mosquitto" "$gateway")
  local port
  for port in $mosquitto_port $gateway_port; do
    until (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; do
      kill -0 "${servers[@]}" || { cat "$work"/*.log >&2; exit 2; }
      sleep 0.3
    done
  done
}

ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# measure SERVER CASE: one line of rate and microseconds of CPU per message, appended to the server's file for the case
measure() {
  local server=$1 case=$2 pid=${!1} port=$1_port before after line
  before=$(ticks "$pid")
  # shellcheck disable=SC2086
  line=$("$work/pubsub" -p "${!port}" ${cases[case]#*|}) || { echo "$server, ${cases[case]%%|*}: $line" >&2; exit 4; }
  after=$(ticks "$pid")
  awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" -v delivered="$(value delivered "$line")" \
    -v rate="$(value rate "$line")" 'BEGIN {print rate, ticks * 1e6 / hertz / delivered}' >>"$work/$server-$case"
}

value() { sed -n "s/.*\<$1=\([0-9.]*\).*/\1/p" <<<"$2"; }

median() { cut -d' ' -f"$2" "$1" | sort -g | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'; }

start
for ((round = -1; round <= rounds; round++)); do
  for case in "${!cases[@]}"; do
    measure gateway "$case"
    ((round < 1)) || measure mosquitto "$case"
  done
  ((round != 0)) || rm -f "$work"/gateway-?
done

printf '| Case | Mosquitto/s | Gateway/s | Ratio | Mosquitto CPU µs | Gateway CPU µs | Ratio |\n|---|--:|--:|--:|--:|--:|--:|\n'
for case in "${!cases[@]}"; do
  printf '%s %s %s %s\n' "$(median "$work/mosquitto-$case" 1)" "$(median "$work/gateway-$case" 1)" \
    "$(median "$work/mosquitto-$case" 2)" "$(median "$work/gateway-$case" 2)" |
    awk -v name="${cases[case]%%|*}" '{printf "| %s | %d | %d | %.2f | %.2f | %.2f | %.2f |\n", name, $1, $2, $2 / $1, $3, $4, $4 / $3}'
done
