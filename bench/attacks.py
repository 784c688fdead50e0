#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The attack pack: one small gateway, one good client, and one attack after the other.

    attacks.py [NAME...] [seconds=N]

Starts `gantry run` with a heap of 256 MiB and 128 MiB of direct memory; with listeners for MQTT, MQTT over TLS, the PROXY protocol and
WebSocket, users with passwords and tokens, and guests, who may do anything: most attacks are those of somebody who was let in. A good
client publishes over TLS at QoS 1, 100 times a second, all the time; it has logged in with a password. First it is alone (the baseline),
then it shares the processors with programs that only count, as it does later with attackers; then each attack runs for some seconds from
other addresses of the loopback network. Prints a table: what came of each attack (how often the gateway did what it should, of how often it
was tried), the good client's PUBACK times with the ratio of its p99 to the baseline, and the gateway's memory. Ends with FAILED and 1 when
the good client lost its connection or a message, when an attack was not answered as it should be, or when the gateway is gone.

Names are those of the functions attack_NAME in attacks_mqtt.py and attacks_security.py; without any, all run. GANTRY names the launcher.
Needs openssl.
"""
import collections
import multiprocessing
import os
import secrets
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time

import attacks_mqtt
import attacks_security
from hostile import connect, publish

HERE = os.path.dirname(os.path.abspath(__file__))
MEMORY = "-Xmx256m -XX:MaxDirectMemorySize=128m"
RATE = 100
ATTACKS = {name[len("attack_"):]: value for rows in (attacks_mqtt, attacks_security)
           for name, value in vars(rows).items() if name.startswith("attack_")}
YAML = """
listeners:
  - mqtt://127.0.0.1:%(mqtt)d
  - {url: "mqtts://127.0.0.1:%(tls)d", tls: {cert: %(work)s/cert.pem, key: %(work)s/key.pem}}
  - {url: "mqtt://127.0.0.1:%(proxied)d", proxy-protocol: true, trusted-proxies: [127.0.0.0/17]}
  - ws://127.0.0.1:%(web)d/mqtt
security:
  anonymous: true
  anonymous-roles: [guest]
  authenticate:
    - jwt: {key: %(work)s/public.pem, issuer: "%(issuer)s", audience: gantry, roles: groups}
    - password-file: %(work)s/users.txt
  roles:
    guest: {publish: ["#"], subscribe: ["#"]}
    device: {publish: ["{username}/#"]}
store: {directory: %(work)s/data}
admin: {listen: "127.0.0.1:%(admin)d", tokens: {lead: {token: "${ADMIN_TOKEN}", role: operator}}}
"""

Ports = collections.namedtuple("Ports", "mqtt tls proxied web admin password admin_token public_key")


# --- the good client --------------------------------------------------------------------------------------------------------------

def good_client(ports, authority, results, stop):
    """Publishes on its own pace and notes how long each PUBACK takes, with the time at which it came."""
    peer = socket.create_connection(("127.0.0.1", ports.tls), timeout=30)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer = ssl.create_default_context(cafile=authority).wrap_socket(peer, server_hostname="localhost")
    peer.sendall(connect("good", user="good", password=ports.password))
    answer = peer.recv(256)
    if answer[3:4] != b"\0":
        results.put(([], "it is not let in: " + answer.hex()))
        return
    times, number, due = [], 0, time.perf_counter()
    try:
        while not stop.is_set():
            due += 1 / RATE
            time.sleep(max(0, due - time.perf_counter()))
            number = number % 65535 + 1
            began = time.perf_counter()
            peer.sendall(publish("good/news", b"x" * 64, identifier=number))
            answer = b""
            while len(answer) < 4:
                part = peer.recv(4096)
                if not part:
                    raise ConnectionError("the good client was disconnected: %s" % answer.hex())
                answer += part
            if answer[0] != 0x40 or struct.unpack(">H", answer[2:4])[0] != number:
                raise ConnectionError("not the PUBACK expected: %s" % answer.hex())
            times.append((time.time(), (time.perf_counter() - began) * 1000))
    except (OSError, ConnectionError) as failure:
        results.put((times, str(failure)))
        return
    results.put((times, None))


# --- the programme ------------------------------------------------------------------------------------------------------------------

class Gateway:
    """`gantry run` with little memory, for as long as a with block lasts."""

    def __init__(self, work):
        self.work = work
        self.launcher = os.environ.get("GANTRY", HERE + "/../gantry")
        self.make_keys()
        with open(work + "/public.pem", "rb") as public_key:
            self.ports = Ports(*[free_port() for _ in range(5)], secrets.token_urlsafe(18), secrets.token_hex(32), public_key.read())
        with open(work + "/password", "w") as password:
            password.write(self.ports.password)
        quietly(self.launcher, "passwd", "add", work + "/users.txt", "good", "--role", "device", "--password-file", work + "/password")

    def make_keys(self):
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        quietly("openssl", "req", "-x509", *new, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                "-keyout", self.work + "/key.pem", "-out", self.work + "/cert.pem")
        quietly("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.work + "/private.pem")
        quietly("openssl", "pkey", "-in", self.work + "/private.pem", "-pubout", "-out", self.work + "/public.pem")

    def __enter__(self):
        configuration = self.work + "/attacked.yaml"
        with open(configuration, "w") as yaml:
            yaml.write(YAML % dict(self.ports._asdict(), work=self.work, issuer=attacks_security.ISSUER))
        self.log = open(self.work + "/gateway.log", "w")
        self.process = subprocess.Popen(
            [self.launcher, "run", "-c", configuration], stdout=subprocess.PIPE, stderr=self.log, text=True,
            env=dict(os.environ, GANTRY_OPTS=MEMORY, ADMIN_TOKEN=self.ports.admin_token))
        for line in self.process.stdout:
            if line.startswith("ready"):
                return self
        sys.exit(open(self.work + "/gateway.log").read())

    def __exit__(self, *ignored):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def is_alive(self):
        return self.process.poll() is None

    def settle(self):
        """Waits until it has done what an attack has left behind, so that the next one is not blamed for it."""
        end = time.time() + 20
        while time.time() < end and self.is_alive():
            before = self.cpu_seconds()
            time.sleep(0.5)
            if self.cpu_seconds() - before < 0.1:
                return

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.process.pid) as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024


def quietly(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit("%s: %s" % (" ".join(command[:3]), done.stdout))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def run(attack, ports, seconds, answers):
    os.nice(19)  # an attacker has a machine of its own, and takes no processor from the good client
    try:
        answers.put(attack(ports, seconds))
    except Exception as failure:  # what the attacker runs into is a result
        answers.put(failure)


def busy(until):
    """Takes what the others leave of a processor, as attackers do."""
    os.nice(19)
    while time.time() < until:
        pass


def main():
    options = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
    wanted = [word for word in sys.argv[1:] if "=" not in word]
    seconds = float(options.get("seconds", 5))
    unknown = set(wanted) - set(ATTACKS)
    if unknown or set(options) - {"seconds"}:
        sys.exit("%s\nNames: %s" % (__doc__, " ".join(ATTACKS)))
    work = tempfile.mkdtemp(prefix="gantry-attacks-")
    failures, rows = [], []
    with Gateway(work) as gateway:
        results, stop = multiprocessing.Queue(), multiprocessing.Event()
        good = multiprocessing.Process(target=good_client, args=(gateway.ports, work + "/cert.pem", results, stop))
        good.start()
        time.sleep(5)  # the gateway's code gets warm
        phases = [("alone", time.time(), None)]
        time.sleep(2 * seconds)
        phases[0] = ("alone", phases[0][1], ((0, 0), time.time(), gateway.resident_mib()))
        began = time.time()
        burners = [multiprocessing.Process(target=busy, args=(began + 2 * seconds,)) for _ in range(os.cpu_count())]
        for burner in burners:
            burner.start()
        for burner in burners:
            burner.join()
        phases.append(("busy processors", began, ((0, 0), time.time(), gateway.resident_mib())))
        for name in wanted or ATTACKS:
            phases.append((name, time.time(), None))
            answers = multiprocessing.Queue()
            attacker = multiprocessing.Process(target=run, args=(ATTACKS[name], gateway.ports, seconds, answers))
            attacker.start()
            answer = answers.get(timeout=600)
            attacker.join()
            phases[-1] = (name, phases[-1][1], (answer, time.time(), gateway.resident_mib()))
            if not gateway.is_alive():
                failures.append(name + ": the gateway is gone")
                break
            gateway.settle()
        stop.set()
        times, failure = results.get(timeout=60)
        good.join()
        if failure:
            failures.append("good client: " + failure)
    base = None
    print("| attack | made | as it should be | PUBACKs | p50 ms | p99 ms | p99 / alone | RSS MiB |\n|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, began, (answer, ended, resident) in phases:
        mine = [took for at, took in times if began <= at < ended]
        p99 = percentile(mine, 0.99)
        base = base or p99
        if isinstance(answer, Exception):
            failures.append("%s: %s" % (name, answer))
            answer = ("-", "-")
        elif answer[0] != answer[1]:
            failures.append("%s: %d of %d were not answered as they should be" % (name, answer[0] - answer[1], answer[0]))
        print("| %s | %s | %s | %d | %.1f | %.1f | %.2f | %d |"
              % (name.replace("_", " "), answer[0], answer[1], len(mine), percentile(mine, 0.5), p99, p99 / base, resident))
    shutil.rmtree(work)
    for failure in failures:
        print("FAILED " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
