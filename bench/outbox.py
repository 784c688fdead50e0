#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What outboxes cost and hold: QoS 1 and 2 to Kafka at `ack: stored`, Kafka away, and a backlog that drains.

    outbox.py PEERS [CASE...] [NAME=VALUE...]

PEERS is the directory of the floor and its loader (bench.sh, mqload.c). Cases, all by default, each with a gateway, a store and
a Kafka topic of its own:

    latency        PUBACK and time to a Kafka consumer at 20,000/s, after a warm-up         messages=400000
    rate           bench.sh, three runs each, of the floor and of the gateway               messages=1000000
    backlog        Kafka is killed, messages come, Kafka comes back while 20,000/s go on    backlog=10000000
    away           Kafka is killed for a while under 20,000/s                               seconds=60
    exactly-once   QoS 2 with exactly-once                                                  messages=1000000

More: rate=20000, the paced rate; ack=stored, of the routes. Prints lines of key=value; a case whose records are not all there
ends with FAILED and the script with 1. Takes the ports of bench.sh's Kafka. GANTRY names another launcher than that of this tree;
the gateway has -Xmx1g, unless GANTRY_OPTS says otherwise. Needs: python3, java, jcmd, gcc, mvn, and a built gateway.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
KAFKA = "127.0.0.1:19092"
CLIENTS, SIZE, WINDOW = 50, 128, 200
DEFAULTS = {"messages": None, "backlog": 10_000_000, "seconds": 60, "rate": 20_000, "ack": "stored"}
ROUTE_LIMITS = "{ack: %s, buffer: {max-bytes: 100GiB, max-age: 7d}}"


class Bench:
    def __init__(self, peers, options):
        self.peers = os.path.abspath(peers)
        self.options = options
        self.work = tempfile.mkdtemp(prefix="outbox-")
        self.environment = dict(os.environ, BENCH_DIR=self.work)
        self.ended = False
        self.failed = False
        self.kafka = None

    def number(self, name, default=None):
        return int(self.options[name] or default)

    def fail(self, why):
        self.failed = True
        print("FAILED: " + why, flush=True)

    # Kafka

    def make_kafka(self):
        subprocess.run([self.peers + "/bench.sh", "kafka", "start"], env=self.environment, check=True)
        with open(self.work + "/kafka.pid") as pid:
            self.kafka = int(pid.read())
        with open(self.work + "/classpath") as path:
            self.class_path = self.work + "/target/classes:" + path.read().strip()
        subprocess.run(["javac", "-d", self.work + "/target/classes", "-cp", self.class_path, HERE + "/Records.java"], check=True)

    def kill_kafka(self):
        os.kill(self.kafka, signal.SIGKILL)

    def start_kafka_again(self):
        log = open(self.work + "/kafka.log", "a")
        again = subprocess.Popen(
            ["java", "-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", self.class_path, "kafka.Kafka",
             self.work + "/kafka.properties"], stdout=log, stderr=log, start_new_session=True)
        self.kafka = again.pid

    def topic(self, name):
        self.tool(["peers.Topic", KAFKA, name])
        return name

    def tool(self, arguments):
        with open(self.work + "/tool.log", "a") as log:
            subprocess.run(["java", "-cp", self.class_path] + arguments, stderr=log, check=True)

    def records(self, *arguments):
        with open(self.work + "/tool.log", "a") as log:
            return subprocess.Popen(["java", "-Xmx2g", "-cp", self.class_path, "Records", *map(str, arguments)],
                                    stdout=subprocess.PIPE, stderr=log, text=True)

    def check(self, case, topic, sent):
        """All that was acknowledged is there, and in order for each device."""
        line = self.records("check", KAFKA, topic).communicate()[0].strip()
        print("%s acknowledged=%d kafka: %s" % (case, sent, line), flush=True)
        found = values(line)
        if found["distinct"] != sent or found["missing_between"] or found["out_of_order"]:
            self.fail("%s: expected %d distinct records, none missing, none out of order" % (case, sent))
        return found

    def await_records(self, topic, count, seconds):
        """Waits until so many records are there; the time at which they were, or None."""
        watch = Watch(self, topic)
        try:
            return watch.await_count(count, seconds)
        finally:
            watch.end()

    # load

    def load(self, gateway, prefix, messages, *more):
        return subprocess.Popen(
            [self.work + "/mqload", "pub", "-p", str(gateway.port), "-c", str(CLIENTS), "-s", str(SIZE), "-w", str(WINDOW),
             "-P", prefix, "-n", str(messages), "-i", "120", *map(str, more)], stdout=subprocess.PIPE, text=True)

    def loaded(self, case, loader):
        """The loader's figures; devices must not have seen an error."""
        line = loader.communicate()[0].strip()
        print("%s loader: %s" % (case, line), flush=True)
        found = values(line)
        if loader.returncode or found["closed"]:
            self.fail(case + ": the loader was disconnected, or not every message acknowledged")
        return found

    # cases

    def latency(self):
        messages = self.number("messages", 400_000)
        with Gateway(self, "latency") as gateway:
            self.loaded("latency warm-up", self.load(gateway, "warm", 500_000, "-q", 1))
            self.await_records(gateway.topic, 500_000, 120)
            time.sleep(3)
            reader = self.records("latency", KAFKA, gateway.topic, messages)
            reader.stdout.readline()
            before = gateway.cpu()
            self.loaded("latency puback", self.load(gateway, "paced", messages, "-q", 1, "-r", self.number("rate")))
            print("latency in_kafka: " + reader.communicate(timeout=120)[0].strip())
            print("latency cpu_us=%.2f rss_mib=%d" % ((gateway.cpu() - before) * 1e6 / messages, gateway.rss()), flush=True)
            self.check("latency", gateway.topic, 500_000 + messages)

    def rate(self):
        load = ["-c", str(CLIENTS), "-n", str(self.number("messages", 1_000_000)), "-q", "1", "-s", str(SIZE), "-w", str(WINDOW)]
        subprocess.run([self.peers + "/bench.sh", "run", "floor"] + load, env=self.environment)
        with Gateway(self, "rate") as gateway:
            peer = "%d:%d:%s" % (gateway.port, gateway.process.pid, gateway.topic)
            subprocess.run([self.peers + "/bench.sh", "run", peer] + load, env=self.environment)
            # bench.sh takes the clients of its second and third run for those of the first: what it calls duplicates there is not
            self.check("rate", gateway.topic, 3 * self.number("messages", 1_000_000))

    def backlog(self):
        waiting = self.number("backlog")
        with Gateway(self, "backlog") as gateway:
            self.loaded("backlog warm-up", self.load(gateway, "warm", 200_000, "-q", 1))
            self.await_records(gateway.topic, 200_000, 120)
            empty = gateway.heap_after_gc()
            self.kill_kafka()
            before = gateway.cpu()
            with Sampled(gateway) as sampled:
                self.loaded("backlog fill", self.load(gateway, "backlog", waiting, "-q", 1))
            used = gateway.cpu() - before
            print("backlog waiting=%d fill_cpu_us=%.2f heap_empty_mib=%.1f heap_waiting_mib=%.1f rss_mib=%s store_mib=%d"
                  % (waiting, used * 1e6 / waiting, empty, gateway.heap_after_gc(), sampled, gateway.store_mib()), flush=True)
            self.drain(gateway, waiting)

    def drain(self, gateway, waiting):
        rate = self.number("rate")
        more = rate * (20 + waiting // 100_000)
        self.start_kafka_again()
        watch = Watch(self, gateway.topic)
        loader = self.load(gateway, "meanwhile", more, "-q", 1, "-r", rate)
        begun = time.time()
        before = gateway.cpu()
        with Sampled(gateway) as sampled:
            drained = watch.await_drained(200_000 + waiting, begun, rate, more, 1_800)
        used = gateway.cpu() - before
        self.loaded("backlog meanwhile", loader)
        if drained is None:
            self.fail("backlog: not drained within half an hour")
            return
        first, last, count = drained
        print("backlog drained=%d seconds=%.1f drained_per_second=%.0f cpu_us=%.2f rss_mib=%s"
              % (count, last - first, count / max(0.5, last - first), used * 1e6 / count, sampled), flush=True)
        watch.await_count(200_000 + waiting + more, 300)
        watch.end()
        time.sleep(5)
        print("backlog store_after_mib=%d heap_after_mib=%.1f" % (gateway.store_mib(), gateway.heap_after_gc()), flush=True)
        self.check("backlog", gateway.topic, 200_000 + waiting + more)

    def away(self):
        seconds, rate = self.number("seconds"), self.number("rate")
        messages = rate * (seconds + 30)
        with Gateway(self, "away") as gateway:
            self.loaded("away warm-up", self.load(gateway, "warm", 200_000, "-q", 1))
            loader = self.load(gateway, "paced", messages, "-q", 1, "-r", rate)
            time.sleep(10)
            self.kill_kafka()
            time.sleep(seconds)
            back = time.time()
            self.start_kafka_again()
            self.loaded("away", loader)
            drained = self.await_records(gateway.topic, 200_000 + messages, 300)
            print("away seconds=%d drained_after_s=%s" % (seconds, "%.1f" % (drained - back) if drained else "never"), flush=True)
            self.check("away", gateway.topic, 200_000 + messages)

    def exactly_once(self):
        messages = self.number("messages", 1_000_000)
        with Gateway(self, "exactly-once", exactly_once=True) as gateway:
            sent = 0
            for run in (1, 2, 3):
                begun, before = time.time(), gateway.cpu()
                self.loaded("exactly-once run=%d" % run, self.load(gateway, "run%d" % run, messages, "-q", 2))
                sent += messages
                # control records of transactions count as well: exactly as many distinct ones is what the check says
                done = self.await_records(gateway.topic, sent, 120) or time.time()
                print("exactly-once run=%d in_kafka_per_second=%.0f cpu_us=%.2f"
                      % (run, messages / (done - begun), (gateway.cpu() - before) * 1e6 / messages), flush=True)
            time.sleep(5)
            if self.check("exactly-once", gateway.topic, sent)["repeated"]:
                self.fail("exactly-once: records came twice")

    def end(self):
        if self.ended:
            return
        self.ended = True
        if self.kafka:
            try:
                os.kill(self.kafka, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.work, ignore_errors=True)


class Gateway:
    """`gantry run` with one route to Kafka, for as long as a with block lasts."""

    def __init__(self, bench, name, exactly_once=False):
        self.port = 24000 + os.getpid() % 4000
        self.topic = bench.topic("bench-" + name)
        self.data = bench.work + "/data-" + name
        configuration = bench.work + "/%s.yaml" % name
        with open(configuration, "w") as yaml:
            yaml.write(
                "listeners: ['mqtt://127.0.0.1:%d']\n"
                "store: {directory: '%s'}\n"
                "limits: {max-publish-rate: 0, max-publish-rate-per-address: 0}\n"
                "endpoints: {plant: {kafka: {brokers: '%s'}}}\n"
                "routes:\n"
                "  bench:\n"
                "    from: {mqtt: 'bench/#'}\n"
                "    to: {plant: {topic: %s%s}}\n"
                "    delivery: %s\n"
                % (self.port, self.data, KAFKA, self.topic, ", exactly-once: true" if exactly_once else "",
                   ROUTE_LIMITS % bench.options["ack"]))
        self.log = bench.work + "/%s.log" % name
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [os.environ.get("GANTRY", HERE + "/../gantry"), "run", "-c", configuration], stdout=subprocess.PIPE, stderr=log, text=True,
                env=dict(os.environ, GANTRY_OPTS=os.environ.get("GANTRY_OPTS", "-Xmx1g")))
        for line in self.process.stdout:
            if line.startswith("ready"):
                return
        with open(self.log) as log:
            sys.exit(log.read())

    def __enter__(self):
        # what it says from now on must not fill the pipe
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) // 1024

    def heap_after_gc(self):
        pid = str(self.process.pid)
        subprocess.run(["jcmd", pid, "GC.run"], stdout=subprocess.DEVNULL, check=True)
        info = subprocess.run(["jcmd", pid, "GC.heap_info"], stdout=subprocess.PIPE, text=True, check=True)
        return int(re.search(r"used (\d+)K", info.stdout).group(1)) / 1024

    def store_mib(self):
        size = 0
        for name in os.listdir(self.data):
            try:
                size += os.stat(os.path.join(self.data, name)).st_blocks * 512
            except FileNotFoundError:
                pass
        return size >> 20


class Sampled:
    """RSS of the gateway, ten samples of a with block and the highest."""

    def __init__(self, gateway):
        self.gateway, self.samples, self.over = gateway, [], threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.wait(0.5):
            self.samples.append(self.gateway.rss())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def __str__(self):
        step = max(1, len(self.samples) // 10)
        return "%s(max_%d)" % ("/".join(map(str, self.samples[::step])), max(self.samples, default=0))


class Watch:
    """How many records there are, again and again."""

    def __init__(self, bench, topic):
        self.bench, self.topic, self.series, self.over = bench, topic, [], False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.process = None
        self.thread.start()

    def run(self):
        while not self.over:
            self.process = self.bench.records("watch", KAFKA, self.topic)
            for line in self.process.stdout:
                at, count = line.split()
                if count != "away":
                    self.series.append((int(at) / 1000, int(count)))
            self.process.wait()

    def end(self):
        self.over = True
        if self.process:
            self.process.kill()

    def _await(self, found, seconds):
        deadline, seen = time.time() + seconds, 0
        while time.time() < deadline:
            while seen < len(self.series):
                if found(*self.series[seen]):
                    return self.series[seen]
                seen += 1
            time.sleep(0.2)
        return None

    def await_count(self, wanted, seconds):
        sample = self._await(lambda _, count: count >= wanted, seconds)
        return sample and sample[0]

    def await_drained(self, waiting, begun, rate, more, seconds):
        """When what waited and all but the last second of what has come since is there: first growth, end, records between."""
        sample = self._await(lambda at, count: count >= waiting + min(more, rate * max(0, at - begun - 1)), seconds)
        if sample is None:
            return None
        start = self.series[0][1]
        growing = [s for s in self.series if s[1] > start]
        first = max((s for s in self.series if s[0] < growing[0][0]), key=lambda s: s[0])
        return first[0], sample[0], sample[1] - first[1]


def values(line):
    return {name: float(value) for name, value in re.findall(r"(\w+)=([0-9.]+)(?= |$)", line)}


def main():
    options, cases = dict(DEFAULTS), []
    for argument in sys.argv[2:]:
        name, equals, value = argument.partition("=")
        if equals and name in options:
            options[name] = value
        else:
            cases.append(name.replace("-", "_"))
    known = ["latency", "rate", "backlog", "away", "exactly_once"]
    if len(sys.argv) < 2 or not set(cases) <= set(known):
        sys.exit(__doc__)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 19092)) == 0:
            sys.exit("a Kafka listens on %s already; stop it first" % KAFKA)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(sys.argv[1], options)
    try:
        bench.make_kafka()
        for case in cases or known:
            getattr(bench, case)()
    finally:
        bench.end()
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
