#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What records cost on their way from Kafka to devices, at QoS 1, beside Kafka's client library alone in the same run.

    down.py PEERS [NAME=VALUE...]

PEERS is the directory of the loader and of bench.sh's Kafka, as for outbox.py. In each round a Kafka topic is filled in a transaction, a
gateway is started whose devices share a subscription at QoS 1 and acknowledge all that comes, and the transaction is committed: all
records become readable at once, with the devices waiting. Then a bare consumer reads the same records: the floor.

    messages=2000000 rounds=3 devices=50 size=128

Prints lines of key=value; ends with FAILED and 1 when something is missing. GANTRY and GANTRY_OPTS as for outbox.py.
"""
import os
import subprocess
import sys
import time

import outbox

DEFAULTS = {"messages": 2_000_000, "rounds": 3, "devices": 50, "size": 128, "ack": "stored"}


class Downlink(outbox.Gateway):
    """`gantry run` with one route from Kafka, for as long as a with block lasts."""

    def __init__(self, bench, topic, number):
        self.port = 24000 + os.getpid() % 4000
        self.data = bench.work + "/data-down-%d" % number
        configuration = bench.work + "/down.yaml"
        with open(configuration, "w") as yaml:
            yaml.write(
                "listeners: ['mqtt://127.0.0.1:%d']\n"
                "store: {directory: '%s'}\n"
                "endpoints: {plant: {kafka: {brokers: '%s'}}}\n"
                "routes:\n"
                "  down:\n"
                "    from: {plant: {topic: %s, group: down-%d, start: earliest}}\n"
                "    to: {mqtt: {topic: 'down/{key}', qos: 1}}\n"
                % (self.port, self.data, outbox.KAFKA, topic, number))
        self.start(bench, configuration, bench.work + "/down.log")

    def start(self, bench, configuration, log_file):
        launcher = os.environ.get("GANTRY", outbox.HERE + "/../gantry")
        with open(log_file, "a") as log:
            self.process = subprocess.Popen(
                [launcher, "run", "-c", configuration], stdout=subprocess.PIPE, stderr=log, text=True,
                env=dict(os.environ, GANTRY_OPTS=os.environ.get("GANTRY_OPTS", "-Xmx1g")))
        for line in self.process.stdout:
            if line.startswith("ready"):
                return
        with open(log_file) as log:
            sys.exit(log.read())


def measure(bench, number, options):
    count = options["messages"]
    topic = bench.topic("bench-down-%d" % number)
    fill = subprocess.Popen(
        ["java", "-Xmx1g", "-cp", bench.class_path, "Downlink", "fill", outbox.KAFKA, topic, str(count), str(options["size"]),
         str(options["devices"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if fill.stdout.readline().strip() != "filled":
        sys.exit("cannot fill " + topic)
    with Downlink(bench, topic, number) as gateway:
        loader = subprocess.Popen(
            [bench.work + "/mqload", "sub", "-p", str(gateway.port), "-c", str(options["devices"]), "-q", "1", "-f",
             "$share/bench/down/#", "-n", str(count), "-i", "30"], stdout=subprocess.PIPE, text=True)
        # a record that no device waits for is gone: nothing is committed before all have subscribed
        time.sleep(10)
        before, begun = gateway.cpu(), time.time()
        fill.communicate("\n")
        line = loader.communicate()[0].strip()
        seconds = time.time() - begun
        print("down round=%d gateway: per_second=%.0f seconds=%.1f cpu_us=%.2f rss_mib=%d loader: %s"
              % (number, count / seconds, seconds, (gateway.cpu() - before) * 1e6 / count, gateway.rss(), line), flush=True)
        if outbox.values(line).get("count", 0) < count:
            bench.fail("down: not every record reached a device")
    floor = subprocess.run(["java", "-Xmx1g", "-cp", bench.class_path, "Downlink", "read", outbox.KAFKA, topic, str(count)],
                           stdout=subprocess.PIPE, text=True, check=True)
    print("down round=%d floor: %s" % (number, floor.stdout.strip()), flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    options = dict(DEFAULTS)
    for argument in sys.argv[2:]:
        name, value = argument.split("=", 1)
        if name not in options or not value.isdigit():
            sys.exit("unknown: " + argument)
        options[name] = int(value)
    bench = outbox.Bench(sys.argv[1], options)
    try:
        bench.make_kafka()
        subprocess.run(["javac", "-d", bench.work + "/target/classes", "-cp", bench.class_path, outbox.HERE + "/Downlink.java"],
                       check=True)
        for number in range(options["rounds"]):
            measure(bench, number, options)
    finally:
        bench.end()
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
