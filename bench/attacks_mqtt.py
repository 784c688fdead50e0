# SPDX-License-Identifier: Apache-2.0
"""Attacks on the MQTT listener by somebody who is let in. Each says how many it made, and of how many came what should."""
import collections
import os
import socket
import struct
import time

from hostile import Peer, all_closed, any_address, connect, packet, publish, still_open, subscribe, text, varint


def attack_A1_endless_length(ports, seconds):
    return all_closed(ports.mqtt, seconds, [bytes.fromhex("10ffffff7f"), bytes.fromhex("10ffffffff7f"), bytes.fromhex("108000")])


def attack_A4_strangers(ports, seconds):
    hello = bytes.fromhex("16030100c8010000c40303") + os.urandom(190)
    return all_closed(ports.mqtt, seconds, [
        publish("a", b"x" * 200_000), b"GET / HTTP/1.1\r\nHost: gantry\r\n\r\n", hello, b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"])


def attack_A5_protocol_errors(ports, seconds):
    return all_closed(ports.mqtt, seconds, after_connect=True, packets=[
        connect("again"), packet(0x36, text("a") + b"\0\1\0x"), packet(0x32, text("a") + b"\0\0\0x"), packet(0x38, text("a") + b"\0x"),
        publish(b"a/\xff\xfe", b""), publish(b"a\0b", b""), publish("a/+", b""), packet(0x82, b"\0\1\0"), packet(0x80, b"\0\1\0" + text("a") + b"\0"),
        publish("", b""), publish("a", b"", properties=b"\x23\0\0"), packet(0xC0, b"x"), packet(0x62, b"\0\0"),
        packet(0x30, b"\xff\xffa"), packet(0x32, text("a") + b"\0\1" + varint(200) + b"\1\0")])


def attack_A15_properties(ports, seconds):
    """Refused with 0x97 while the connection stays."""
    flood = b"".join(b"\x26" + text("k%d" % i) + text("v") for i in range(2000))
    made = refused = 0
    end = time.time() + seconds
    peer = Peer(ports.mqtt).opened()
    while time.time() < end:
        made += 1
        peer.send(publish("a", b"", properties=flood))
        refused += peer.socket.recv(64)[4:5] == b"\x97"
    peer.close()
    return made, refused


def attack_A19_deep_topics(ports, seconds):
    return all_closed(ports.mqtt, seconds, after_connect=True, packets=[publish("/" * 65535, b""), publish("a/" * 1000, b"")])


def attack_A22_subscriptions(ports, seconds):
    """One client asks for 20,000 and gets 1,000."""
    made = refused = 0
    end = time.time() + seconds
    while time.time() < end:
        peer = Peer(ports.mqtt, timeout=20).opened()
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


def attack_A23_unknown_acks(ports, seconds):
    return all_closed(ports.mqtt, seconds, [packet(0x40, b"\x12\x34") * 5000], after_connect=True)


def attack_A25_never_released(ports, seconds):
    return all_closed(
        ports.mqtt, seconds, [b"".join(publish("a", b"x" * 100, qos=2, identifier=i) for i in range(1, 1500))], after_connect=True)


def attack_A31_slow_connect(ports, seconds):
    """One byte now and then on thousands of connections: all are closed by the deadline of CONNECT."""
    whole = connect("slow")
    peers = []
    for _ in range(3000):
        try:
            peers.append(Peer(ports.mqtt).send(whole[:1]))
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
    return len(peers), len(peers) - still_open(peers, 1)


def attack_A33_never_reads(ports, seconds):
    """Subscribes and does not read, while somebody sends it more than it may have: neither takes the memory."""
    deaf = [Peer(ports.mqtt).opened().send(subscribe(["flood/#"])) for _ in range(20)]
    loud = Peer(ports.mqtt).opened()
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


def attack_A35_same_name(ports, seconds):
    """Two who fight for one Client Identifier, at one address: let in, refused as too often (0x9F), then banned (0x8A).

    Those above the rate of an address are closed without a word."""
    made = answered = 0
    address = any_address()
    end = time.time() + seconds
    last = None
    while time.time() < end:
        made += 1
        try:
            following = Peer(ports.mqtt, address=address).send(connect("twin"))
            answer = following.socket.recv(64)
        except ConnectionError:
            answered += 1
            continue
        except OSError:
            continue
        answered += not answer or (answer[:1] == b"\x20" and answer[3:4] in (b"\0", b"\x9f", b"\x8a"))
        if last:
            last.close()
        last = following
    return made, answered


def attack_A37_connections(ports, seconds):
    """As many connections as can be made, each gone at once."""
    made = 0
    end = time.time() + seconds
    while time.time() < end:
        try:
            peer = Peer(ports.mqtt)
            made += 1
            peer.close()
        except OSError:
            pass
    return made, made


def attack_A39_aliases(ports, seconds):
    """10 aliases for long topics on each of 2,000 connections, new ones in the place of old ones."""
    peers, made = collections.deque(), 0
    end = time.time() + seconds
    while time.time() < end:
        if len(peers) >= 2000:
            peers.popleft().close()
        try:
            peer = Peer(ports.mqtt).opened()
            for alias in range(1, 11):
                peer.send(publish("a" * 1000 + str(alias), b"", qos=0, properties=b"\x23" + struct.pack(">H", alias)))
            peers.append(peer)
            made += 1
        except OSError:
            pass
    for peer in peers:
        peer.close()
    return made, made


def attack_A40_retained(ports, seconds):
    """Retained Messages until there is no room, then everybody wants all of them."""
    writer = Peer(ports.mqtt, timeout=20).opened()
    end = time.time() + seconds / 2
    made = 0
    while time.time() < end:
        made += 1
        writer.send(publish("retained/%d" % made, b"x" * 500, identifier=made % 65000 + 1, retain=True))
        writer.socket.recv(4096)
    readers = [Peer(ports.mqtt).opened().send(subscribe(["#"])) for _ in range(10)]
    time.sleep(seconds / 2)
    for peer in readers + [writer]:
        peer.close()
    return made, made


def attack_A45_methods(ports, seconds):
    """AUTH where no Authentication Method was agreed on, and one that nobody knows."""
    return all_closed(ports.mqtt, seconds, after_connect=True, packets=[
        packet(0xF0, b""), packet(0xF0, b"\x19\x06\x15" + text("JWT")), packet(0xF0, b"\x18\x08\x15" + text("guess"))])


def attack_A41_wildcards(ports, seconds):
    """Filters that match everything, each asked for by many, and messages on many levels."""
    peers = [Peer(ports.mqtt).opened().send(subscribe(["/".join(["+"] * levels) for levels in range(1, 20)] + ["#"])) for _ in range(50)]
    loud = Peer(ports.mqtt).opened()
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
