# SPDX-License-Identifier: Apache-2.0
"""What the attacks of attacks.py are made with: MQTT by hand, and connections from as many addresses as an attacker wants."""
import random
import socket
import struct
import time


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


def any_address(first=1, last=250):
    """One of those of the loopback network that only attackers use."""
    return "127.0.%d.%d" % (random.randint(first, last), random.randint(1, 250))


class Peer:
    """A connection from one of the loopback addresses, which are as many as an attacker wants."""

    def __init__(self, port, timeout=5.0, address=None):
        self.socket = socket.socket()
        self.socket.settimeout(timeout)
        self.socket.bind((address or any_address(), 0))
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

    def is_closed(self, within=5.0):
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


def still_open(peers, within):
    """How many of the connections the gateway has not ended by then. Closes them."""
    end = time.time() + within
    left = sum(not peer.is_closed(max(0.05, end - time.time())) for peer in peers)
    for peer in peers:
        peer.close()
    return left


def all_closed(port, seconds, packets, after_connect=False, address=any_address):
    """Sends each packet on a connection of its own, again and again; each has to be closed."""
    made = closed = 0
    end = time.time() + seconds
    while time.time() < end:
        for data in packets:
            try:
                peer = Peer(port, address=address())
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
