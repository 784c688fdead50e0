#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The attack pack: one small gateway, one good client, and one attack after the other.

    attacks.py [NAME...] [seconds=N]

Starts `gantry run` with a heap of 256 MiB and 128 MiB of direct memory. A good client publishes at QoS 1, 100 times a second, all the
time. First it is alone (the baseline), then each attack runs for some seconds from other addresses of the loopback network. Prints a
table: what came of each attack (connections that the gateway closed, of those that were made), the good client's PUBACK times with the
ratio of its p99 to the baseline, and the gateway's memory. Ends with FAILED and 1 when the good client lost its connection or a message,
when an attack was not answered as it should be, or when the gateway is gone.

Names are those of the functions below without `attack_`; without any, all run. GANTRY names the launcher.
"""
import json
import multiprocessing
import os
import random
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
MEMORY = "-Xmx256m -XX:MaxDirectMemorySize=128m"
RATE = 100


# --- MQTT by hand -----------------------------------------------------------------------------------------------------------------

def varint(number):
    out = b""
    while True:
        number, byte = number >> 7, number & 0x7F
        out += bytes([byte | (0x80 if number else 0)])
        if not number:
            return out


def text(value):
    raw = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">H", len(raw)) + raw


def packet(first, body):
    return bytes([first]) + varint(len(body)) + body


def connect(client, properties=b"", keep_alive=60, clean=True, user=None, password=None, will=None):
    flags = (2 if clean else 0) | (0x80 if user else 0) | (0x40 if password else 0)
    payload = text(client)
    if will:
        flags |= 4
        payload += b"\0" + text(will) + text("gone")
    payload += (text(user) if user else b"") + (text(password) if password else b"")
    return packet(0x10, text("MQTT") + bytes([5, flags]) + struct.pack(">H", keep_alive) + varint(len(properties)) + properties + payload)


def publish(topic, payload, qos=1, identifier=1, properties=b"", retain=False):
    head = text(topic) + (struct.pack(">H", identifier) if qos else b"")
    return packet(0x30 | qos << 1 | (1 if retain else 0), head + varint(len(properties)) + properties + payload)


def subscribe(filters, identifier=1):
    return packet(0x82, struct.pack(">H", identifier) + b"\0" + b"".join(text(f) + b"\1" for f in filters))


class Peer:
    """A connection from one of the loopback addresses, which are as many as an attacker wants."""

    def __init__(self, port, timeout=5.0):
        self.socket = socket.socket()
        self.socket.settimeout(timeout)
        self.socket.bind(("127.0.%d.%d" % (random.randint(1, 250), random.randint(1, 250)), 0))
        self.socket.connect(("127.0.0.1", port))

    def send(self, data):
        self.socket.sendall(data)
        return self

    def opened(self, client=None, **more):
        self.send(connect(client or "attacker-%d" % random.getrandbits(48), **more))
        answer = self.socket.recv(256)
        if not answer or answer[0] != 0x20 or answer[3] != 0:
            raise ConnectionError("refused: %s" % answer.hex())
        return self

    def is_closed(self, within=2.0):
        """Whether the gateway ends the connection; what it sends before that is read."""
        end = time.time() + within
        try:
            while time.time() < end:
                self.socket.settimeout(max(0.01, end - time.time()))
                if not self.socket.recv(65536):
                    return True
        except socket.timeout:
            return False
        except OSError:
            return True
        return False

    def close(self):
        self.socket.close()


# --- the good client --------------------------------------------------------------------------------------------------------------

def good_client(port, results, stop):
    """Publishes on its own pace and notes how long each PUBACK takes, with the time at which it came."""
    peer = socket.create_connection(("127.0.0.1", port), timeout=30)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(connect("good"))
    peer.recv(256)
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


# --- attacks: each says for how many of its connections the gateway did what it should ---------------------------------------------

def all_closed(port, seconds, packets, after_connect=False):
    """Sends each packet on a connection of its own, again and again; each has to be closed."""
    made = closed = 0
    end = time.time() + seconds
    while time.time() < end:
        for data in packets:
            try:
                peer = Peer(port)
            except OSError:
                continue
            made += 1
            try:
                if after_connect:
                    peer.opened()
                peer.send(data)
                closed += peer.is_closed()
            except OSError:
                closed += 1
            peer.close()
    return made, closed


def attack_A1_endless_length(port, seconds):
    return all_closed(port, seconds, [bytes.fromhex("10ffffff7f"), bytes.fromhex("10ffffffff7f"), bytes.fromhex("108000")])


def attack_A4_strangers(port, seconds):
    hello = bytes.fromhex("16030100c8010000c40303") + os.urandom(190)
    return all_closed(port, seconds, [
        publish("a", b"x" * 200_000), b"GET / HTTP/1.1\r\nHost: gantry\r\n\r\n", hello, b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"])


def attack_A5_protocol_errors(port, seconds):
    return all_closed(port, seconds, after_connect=True, packets=[
        connect("again"), packet(0x36, text("a") + b"\0\1\0x"), packet(0x32, text("a") + b"\0\0\0x"), packet(0x38, text("a") + b"\0x"),
        publish(b"a/\xff\xfe", b""), publish(b"a\0b", b""), publish("a/+", b""), packet(0x82, b"\0\1\0"), packet(0x80, b"\0\1\0" + text("a") + b"\0"),
        publish("", b""), publish("a", b"", properties=b"\x23\0\0"), packet(0xC0, b"x"), packet(0x62, b"\0\0"),
        packet(0x30, b"\xff\xffa"), packet(0x32, text("a") + b"\0\1" + varint(200) + b"\1\0")])


def attack_A15_properties(port, seconds):
    """Refused with 0x97 while the connection stays."""
    flood = b"".join(b"\x26" + text("k%d" % i) + text("v") for i in range(2000))
    made = refused = 0
    end = time.time() + seconds
    peer = Peer(port).opened()
    while time.time() < end:
        made += 1
        peer.send(publish("a", b"", properties=flood))
        refused += peer.socket.recv(64)[4:5] == b"\x97"
    peer.close()
    return made, refused


def attack_A19_deep_topics(port, seconds):
    return all_closed(port, seconds, after_connect=True, packets=[publish("/" * 65535, b""), publish("a/" * 1000, b"")])


def attack_A22_subscriptions(port, seconds):
    """One client asks for 20,000 and gets 1,000."""
    made = refused = 0
    end = time.time() + seconds
    while time.time() < end:
        peer = Peer(port, timeout=20).opened()
        made += 1
        granted = 0
        for part in range(20):
            peer.send(subscribe(["bomb/%d/%d/+" % (part, i) for i in range(1000)]))
            answer = b""
            while len(answer) < 1006:
                answer += peer.socket.recv(4096)
            granted += answer[6:].count(b"\1")
        refused += granted <= 1000
        peer.close()
    return made, refused


def attack_A23_unknown_acks(port, seconds):
    return all_closed(port, seconds, [packet(0x40, b"\x12\x34") * 5000], after_connect=True)


def attack_A25_never_released(port, seconds):
    return all_closed(
        port, seconds, [b"".join(publish("a", b"x" * 100, qos=2, identifier=i) for i in range(1, 1500))], after_connect=True)


def attack_A31_slow_connect(port, seconds):
    """One byte now and then on thousands of connections: all are closed by the deadline of CONNECT."""
    whole = connect("slow")
    peers = []
    for _ in range(3000):
        try:
            peers.append(Peer(port).send(whole[:1]))
        except OSError:
            pass
    began = time.time()
    while time.time() - began < max(seconds, 13):
        for index, peer in enumerate(peers):
            if index % 50 == int(time.time() * 10) % 50:
                try:
                    peer.send(whole[1:2])
                except OSError:
                    pass
        time.sleep(0.1)
    closed = sum(peer.is_closed(0.05) for peer in peers)
    for peer in peers:
        peer.close()
    return len(peers), closed


def attack_A33_never_reads(port, seconds):
    """Subscribes and does not read, while somebody sends it more than it may have: neither takes the memory."""
    deaf = [Peer(port).opened().send(subscribe(["flood/#"])) for _ in range(20)]
    loud = Peer(port).opened()
    loud.socket.settimeout(1)
    end = time.time() + seconds
    sent = 0
    while time.time() < end:
        try:
            loud.send(publish("flood/a", b"x" * 10_000, qos=0))
            sent += 1
        except socket.timeout:
            pass
    for peer in deaf + [loud]:
        peer.close()
    return sent, sent


def attack_A35_same_name(port, seconds):
    """Two who fight for one Client Identifier."""
    made = 0
    end = time.time() + seconds
    last = None
    while time.time() < end:
        made += 1
        try:
            following = Peer(port).send(connect("twin"))
            following.socket.recv(64)
        except OSError:
            continue
        if last:
            last.close()
        last = following
    return made, made


def attack_A37_connections(port, seconds):
    """As many connections as can be made, each gone at once."""
    made = 0
    end = time.time() + seconds
    while time.time() < end:
        try:
            peer = Peer(port)
            made += 1
            peer.close()
        except OSError:
            pass
    return made, made


def attack_A39_aliases(port, seconds):
    """10 aliases for long topics on each of many connections."""
    peers = []
    end = time.time() + seconds
    while time.time() < end and len(peers) < 2000:
        try:
            peer = Peer(port).opened()
            for alias in range(1, 11):
                peer.send(publish("a" * 1000 + str(alias), b"", qos=0, properties=b"\x23" + struct.pack(">H", alias)))
            peers.append(peer)
        except OSError:
            pass
    for peer in peers:
        peer.close()
    return len(peers), len(peers)


def attack_A40_retained(port, seconds):
    """Retained Messages until there is no room, then everybody wants all of them."""
    writer = Peer(port, timeout=20).opened()
    end = time.time() + seconds / 2
    made = 0
    while time.time() < end:
        made += 1
        writer.send(publish("retained/%d" % made, b"x" * 500, identifier=made % 65000 + 1, retain=True))
        writer.socket.recv(4096)
    readers = [Peer(port).opened().send(subscribe(["#"])) for _ in range(10)]
    time.sleep(seconds / 2)
    for peer in readers + [writer]:
        peer.close()
    return made, made


def attack_A41_wildcards(port, seconds):
    """Filters that match everything, each asked for by many, and messages on many levels."""
    peers = [Peer(port).opened().send(subscribe(["/".join(["+"] * levels) for levels in range(1, 20)] + ["#"])) for _ in range(50)]
    loud = Peer(port).opened()
    loud.socket.settimeout(1)
    made = 0
    end = time.time() + seconds
    while time.time() < end:
        try:
            loud.send(publish("/".join("abcdefgh"), b"x", qos=0))
            made += 1
        except socket.timeout:
            pass
    for peer in peers + [loud]:
        peer.close()
    return made, made


# --- the programme ------------------------------------------------------------------------------------------------------------------

class Gateway:
    """`gantry run` with little memory, for as long as a with block lasts."""

    def __init__(self, work):
        self.work = work
        self.port, self.admin = free_port(), free_port()

    def __enter__(self):
        configuration = self.work + "/attacked.yaml"
        with open(configuration, "w") as yaml:
            yaml.write("listeners: ['mqtt://127.0.0.1:%d']\nstore: {directory: '%s/data'}\nadmin: {listen: '127.0.0.1:%d'}\n"
                       % (self.port, self.work, self.admin))
        self.log = open(self.work + "/gateway.log", "w")
        self.process = subprocess.Popen(
            [os.environ.get("GANTRY", HERE + "/../gantry"), "run", "-c", configuration], stdout=subprocess.PIPE, stderr=self.log,
            text=True, env=dict(os.environ, GANTRY_OPTS=MEMORY))
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

    def resident_mib(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024

    def count(self, name):
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.admin, timeout=10) as metrics:
            return sum(float(line.split()[-1]) for line in metrics.read().decode().splitlines() if line.startswith(name))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def run(attack, port, seconds, answers):
    os.nice(19)  # an attacker has a machine of its own, and takes no processor from the good client
    try:
        answers.put(attack(port, seconds))
    except Exception as failure:  # what the attacker runs into is a result
        answers.put(failure)


def main():
    options = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
    wanted = [word for word in sys.argv[1:] if "=" not in word]
    seconds = float(options.get("seconds", 6))
    attacks = {name[len("attack_"):]: value for name, value in globals().items() if name.startswith("attack_")}
    work = tempfile.mkdtemp(prefix="gantry-attacks-")
    failures, rows = [], []
    with Gateway(work) as gateway:
        results, stop = multiprocessing.Queue(), multiprocessing.Event()
        good = multiprocessing.Process(target=good_client, args=(gateway.port, results, stop))
        good.start()
        time.sleep(5)  # the gateway's code gets warm
        phases = [("alone", time.time(), None)]
        time.sleep(2 * seconds)
        for name in wanted or attacks:
            phases.append((name, time.time(), None))
            answers = multiprocessing.Queue()
            attacker = multiprocessing.Process(target=run, args=(attacks[name], gateway.port, seconds, answers))
            attacker.start()
            answer = answers.get(timeout=600)
            attacker.join()
            phases[-1] = (name, phases[-1][1], (answer, time.time(), gateway.resident_mib()))
            if not gateway.is_alive():
                failures.append(name + ": the gateway is gone")
                break
            time.sleep(1)
        phases[0] = ("alone", phases[0][1], ((0, 0), phases[1][1], gateway.resident_mib()))
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
