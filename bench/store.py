#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the store costs: messages for devices that are away, and a start with many sessions and Retained Messages.

    store.py [MESSAGES [SESSIONS]]     1,000,000 messages and 100,000 sessions by default

Ten publishers send QoS 1 messages of 128 bytes, 500 at a time each, to 100 persistent sessions whose devices are away; what counts
as stored is what was acknowledged, with durability fsync. Then the gateway is started with the sessions, as many Retained
Messages, and the queues. Prints one line for each. Needs: python3, java, and a built gateway.
"""
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = tempfile.mkdtemp()
PORT = 24000 + os.getpid() % 4000
PUBLISHERS, AT_ONCE, AWAY, SIZE = 10, 500, 100, 128


def text(value):
    return len(value).to_bytes(2, "big") + value.encode()


def packet(first, body):
    length, rest = b"", len(body)
    while True:
        rest, byte = divmod(rest, 128)
        length += bytes([byte | (128 if rest else 0)])
        if not rest:
            return bytes([first]) + length + body


def connect(name, clean):
    peer = socket.create_connection(("127.0.0.1", PORT))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(packet(0x10, text("MQTT") + bytes([4, 2 if clean else 0, 1, 44]) + text(name)))
    expect(peer, 4)
    return peer


def expect(peer, count):
    got = b""
    while len(got) < count:
        more = peer.recv(count - len(got))
        if not more:
            sys.exit("the gateway closed the connection")
        got += more
    return got


def start():
    with open(WORK + "/gateway.yaml", "w") as yaml:
        yaml.write(
            "listeners: [{url: 'mqtt://127.0.0.1:%d', max-connections-per-address: 10000, max-accept-rate: 0, max-accept-rate-per-address: 0}]\n"
            "store: {directory: '%s/data'}\n"
            "admin: {listen: '127.0.0.1:0'}\n"
            "limits: {max-publish-rate: 0, max-publish-rate-per-address: 0, receive-maximum: 65535, max-queued-messages: 10000000,"
            " max-queued-bytes: 100GiB, max-retained-messages: 1000000}\n" % (PORT, WORK)
        )
    begun = time.monotonic()
    log = open(WORK + "/gateway.log", "a")
    gateway = subprocess.Popen(
        [HERE + "/../gantry", "run", "-c", WORK + "/gateway.yaml"], stdout=subprocess.PIPE, stderr=log, text=True
    )
    for line in gateway.stdout:
        if line.startswith("ready"):
            return gateway, time.monotonic() - begun
    sys.exit(open(WORK + "/gateway.log").read())


def stop(gateway):
    gateway.send_signal(signal.SIGTERM)
    gateway.wait()


def cpu(gateway):
    fields = open("/proc/%d/stat" % gateway.pid).read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def publish(messages):
    """The seconds it takes until all are acknowledged."""
    peers = {connect("publisher-%d" % i, True): i for i in range(PUBLISHERS)}
    payload = b"x" * SIZE
    blocks = {}
    for peer, number in peers.items():
        topics = ["away/%d" % ((number * AT_ONCE + i) % AWAY) for i in range(AT_ONCE)]
        blocks[peer] = b"".join(
            packet(0x32, text(topic) + (i + 1).to_bytes(2, "big") + payload) for i, topic in enumerate(topics)
        )
    left = {peer: messages // PUBLISHERS // AT_ONCE for peer in peers}
    owed = dict.fromkeys(peers, 4 * AT_ONCE)
    begun = time.monotonic()
    for peer in peers:
        peer.sendall(blocks[peer])
    while left:
        for peer in select.select(list(left), [], [])[0]:
            owed[peer] -= len(peer.recv(1 << 16))
            if owed[peer] == 0:
                owed[peer] = 4 * AT_ONCE
                left[peer] -= 1
                if left[peer]:
                    peer.sendall(blocks[peer])
                else:
                    del left[peer]
    return time.monotonic() - begun


def subscribe_and_leave(name, topic):
    peer = connect(name, False)
    peer.sendall(packet(0x82, b"\0\1" + text(topic) + b"\1"))
    expect(peer, 5)
    peer.sendall(b"\xe0\0")
    peer.close()


def sessions(count, at_once=50):
    def some(first):
        for i in range(first, count, at_once):
            subscribe_and_leave("device-%d" % i, "devices/%d" % i)

    threads = [threading.Thread(target=some, args=(i,)) for i in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def retained(count):
    peer = connect("retainer", True)
    for first in range(0, count, AT_ONCE):
        some = min(AT_ONCE, count - first)
        peer.sendall(
            b"".join(
                packet(0x33, text("retained/%d" % (first + i)) + (i + 1).to_bytes(2, "big") + b"x" * SIZE)
                for i in range(some)
            )
        )
        expect(peer, 4 * some)
    peer.close()


def heap_after_gc(gateway):
    subprocess.run(["jcmd", str(gateway.pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
    info = subprocess.run(["jcmd", str(gateway.pid), "GC.heap_info"], stdout=subprocess.PIPE, text=True, check=True)
    return int(re.search(r"used (\d+)K", info.stdout).group(1)) / 1024


def size_of_store():
    data = WORK + "/data"
    return sum(os.stat(os.path.join(data, name)).st_blocks * 512 for name in os.listdir(data)) / (1 << 20)


def main():
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    try:
        gateway, _ = start()
        for i in range(AWAY):
            subscribe_and_leave("away-%d" % i, "away/%d" % i)
        empty = heap_after_gc(gateway)
        publish(messages // 5)
        before = cpu(gateway)
        seconds = publish(messages)
        used = cpu(gateway) - before
        print(
            "messages=%d stored_per_second=%d cpu_us=%.2f heap_empty_mib=%.1f heap_mib=%.1f disk_mib=%.0f"
            % (messages, messages / seconds, used * 1e6 / messages, empty, heap_after_gc(gateway), size_of_store()),
            flush=True,
        )
        sessions(count)
        retained(count)
        stop(gateway)
        for kind in ("first", "second"):
            gateway, seconds = start()
            print("%s start: sessions=%d retained=%d queued=%d ready_seconds=%.2f"
                  % (kind, count + AWAY, count, messages * 6 // 5, seconds), flush=True)
            stop(gateway)
    finally:
        shutil.rmtree(WORK)


main()
