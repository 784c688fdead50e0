# SPDX-License-Identifier: Apache-2.0
"""Attacks on TLS, logins, the PROXY protocol, WebSocket and the admin port. Each says how many it made, and of how many came what should."""
import base64
import collections
import hashlib
import hmac
import json
import os
import random
import socket
import ssl
import subprocess
import time

from hostile import Peer, all_closed, any_address, connect, still_open

ISSUER = "https://idp.example/"
CONNECT_DEADLINE = 10
HANDSHAKE_DEADLINE = 5


# --- TLS ---------------------------------------------------------------------------------------------------------------------------

def blind(version=None):
    """A client that asks for no certificate, and nothing but that version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if version:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    return context


def hello(version=None):
    """The bytes of a ClientHello."""
    outgoing = ssl.MemoryBIO()
    try:
        blind(version).wrap_bio(ssl.MemoryBIO(), outgoing).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def in_records_of_one_byte(record):
    return b"".join(record[:3] + b"\0\1" + bytes([byte]) for byte in record[5:])


def attack_B1_old_versions(ports, seconds):
    """Below TLS 1.2, and suites without encryption."""
    null = bytes.fromhex("160301002f0100002b0303") + bytes(32) + bytes.fromhex("000004003b00050100")
    return all_closed(ports.tls, seconds, [hello(ssl.TLSVersion.TLSv1), hello(ssl.TLSVersion.TLSv1_1), null])


def attack_A4_strangers_to_TLS(ports, seconds):
    return all_closed(ports.tls, seconds, [
        connect("plain", user="good", password="x"), b"GET / HTTP/1.1\r\nHost: gantry\r\n\r\n", os.urandom(200), b"\x80" * 200,
        bytes.fromhex("1603014001") + bytes(0x4001), bytes.fromhex("16030100040e000000"), bytes.fromhex("15030100020100")])


def attack_B2_renegotiation(ports, seconds):
    return commands(ports, seconds, "-tls1_2", [b"R\n"])


def attack_B3_key_updates(ports, seconds):
    """Closed before long, and that once in a while is allowed is for a test to see."""
    return commands(ports, max(seconds, 6), "-tls1_3", [b"K\n"] * 1000)


def commands(ports, seconds, version, typed):
    """Has `openssl s_client` do what only it can; each command has to be read before the next one."""
    made = closed = 0
    end = time.time() + seconds
    while time.time() < end:
        client = subprocess.Popen(
            ["openssl", "s_client", version, "-quiet", "-no_ign_eof", "-connect", "127.0.0.1:%d" % ports.tls, "-bind", any_address() + ":0"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made += 1
        try:
            time.sleep(0.3)
            for command in typed:
                client.stdin.write(command)
                client.stdin.flush()
                time.sleep(0.003)
            client.wait(2)
            closed += 1
        except BrokenPipeError:
            closed += 1
        except subprocess.TimeoutExpired:
            pass
        client.kill()
        client.wait()
    return made, closed


def attack_A37_handshakes(ports, seconds):
    """Whole handshakes as fast as they can be made. Some stay and say nothing: closed by the deadline of CONNECT."""
    context, made, kept = blind(), 0, []
    end = time.time() + seconds
    while time.time() < end:
        try:
            peer = Peer(ports.tls)
            peer.socket = context.wrap_socket(peer.socket)
        except OSError:
            continue
        made += 1
        if made % 10 == 0:
            kept.append(peer)
        else:
            peer.close()
    return made, made - still_open(kept, CONNECT_DEADLINE + 2)


def attack_B7_slow_hello(ports, seconds):
    """Half a ClientHello, byte by byte in records of one byte: closed by the deadline of the handshake, however it trickles in."""
    records = in_records_of_one_byte(hello())
    peers = []
    for _ in range(1500):
        try:
            peers.append(Peer(ports.tls).send(records[:3]))
        except OSError:
            pass
    at, end = 3, time.time() + max(seconds, HANDSHAKE_DEADLINE + 2)
    while time.time() < end and at < len(records) // 2:
        for peer in peers:
            try:
                peer.socket.sendall(records[at:at + 3])
            except OSError:
                pass
        at += 3
        time.sleep(0.2)
    return len(peers), len(peers) - still_open(peers, 2)


def attack_B7_hello_in_pieces(ports, seconds):
    """A whole ClientHello in hundreds of records of one byte, all at once: answered or refused, at once."""
    records = in_records_of_one_byte(hello())
    made = answered = 0
    end = time.time() + seconds
    while time.time() < end:
        made += 1
        try:
            peer = Peer(ports.tls).send(records)
            peer.socket.recv(4096)
            answered += 1
            peer.close()
        except socket.timeout:
            pass
        except OSError:
            answered += 1
    return made, answered


# --- logins ------------------------------------------------------------------------------------------------------------------------

def flood(ports, seconds, passwords, users=lambda: "good", address=any_address):
    """Logs in with what is wrong, as fast as it goes, 4,000 at a time without waiting for answers. Nobody is let in; says what was answered."""
    peers, codes, made = collections.deque(), [], 0
    end = time.time() + seconds
    while time.time() < end:
        try:
            peer = Peer(ports.mqtt, address=address())
            peers.append(peer.send(connect("guess-%d" % random.getrandbits(40), user=users(), password=passwords())))
            made += 1
        except OSError:
            pass
        if len(peers) >= 4000:
            codes.append(code_of(peers.popleft()))
    return made, codes + [code_of(peer) for peer in peers]


def code_of(peer):
    """The Reason Code with which it was let in or not; none when nothing came, or not yet. Closes it."""
    try:
        peer.socket.settimeout(0.001)
        answer = peer.socket.recv(64)
        return answer[3] if len(answer) > 3 and answer[0] == 0x20 else None
    except OSError:
        return None
    finally:
        peer.close()


def nobody_in(ports, seconds, passwords, **more):
    made, codes = flood(ports, seconds, passwords, **more)
    return made, made - codes.count(0)


def attack_B19_wrong_passwords(ports, seconds):
    """Of one user, from many addresses."""
    return nobody_in(ports, seconds, lambda: "guess-%d" % random.getrandbits(64))


def attack_B19_many_users(ports, seconds):
    """None of whom there is, from many addresses."""
    return nobody_in(ports, seconds, lambda: "guess", users=lambda: "user-%d" % random.getrandbits(64))


def attack_B19_one_address(ports, seconds):
    """Banned after ten: who comes from there later is not even heard, whatever he knows."""
    made, codes = flood(ports, max(seconds, 3), lambda: "guess", address=lambda: "127.0.251.1")
    try:
        late = Peer(ports.mqtt, address="127.0.251.1").send(connect("late", user="good", password=ports.password))
        is_out = not late.socket.recv(64)
    except OSError:
        is_out = True
    return made, made - codes.count(0) - (not is_out)


def attack_B12_forged_tokens(ports, seconds):
    """Unsigned ones, one signed with the public key as if it were a secret, one that names a file as its key."""
    forged = [token({"alg": "none"}, b""), token({"alg": "HS256", "kid": "../../x"}, b"x" * 32),
              token({"alg": "HS256"}, ports.public_key), token({"alg": "ES256", "jku": "http://127.0.0.1:1/"}, b"x"),
              token({"alg": "ES256", "crit": ["b64"], "b64": False}, b"x"), "a.b.c", "..", "{}.{}.{}"]
    return nobody_in(ports, seconds, lambda: random.choice(forged), users=lambda: "x")


def token(header, key):
    claims = {"iss": ISSUER, "aud": "gantry", "sub": "good", "exp": int(time.time()) + 600, "groups": ["device"]}
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
    signature = hmac.new(key, signed, hashlib.sha256).digest() if key else b""
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def attack_B18_long_passwords(ports, seconds):
    """Of 60,000 bytes, with and without the look of a token: refused before they are hashed or checked."""
    return nobody_in(ports, seconds, lambda: random.choice(["x" * 60_000, "a.b." + "c" * 60_000]))


# --- proxies and web pages -------------------------------------------------------------------------------------------------------------

V2 = bytes.fromhex("0d0a0d0a000d0a515549540a")


def attack_A46_proxy_headers(ports, seconds):
    """Garbage from an address that is trusted, and good ones from elsewhere: all closed. One that is right is let in."""
    good = b"PROXY TCP4 192.0.2.1 192.0.2.2 50000 1883\r\n" + connect("proxied")
    peer = Peer(ports.proxied, address=any_address(1, 100)).send(good)
    if peer.socket.recv(64)[3:4] != b"\0":
        raise ConnectionError("a header that is right is refused")
    peer.close()
    made, closed = all_closed(ports.proxied, seconds / 2, address=lambda: any_address(1, 100), packets=[
        connect("direct"), b"PROXY TCP4 1.2.3.4\r\n", b"PROXY " + b"x" * 200, b"PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n",
        b"PROXY TCP4 \x00.2.3.4 5.6.7.8 1 2\r\n", V2 + b"\x21\x11\xff\xff" + bytes(0xffff), V2 + b"\x21\x11\x00\x11" + bytes(12) + b"\1\xff\xffxx",
        V2 + b"\x31\x11\x00\x0c" + bytes(12), good[:-len(connect("proxied"))] * 2])
    strangers = all_closed(ports.proxied, seconds / 2, [good, V2 + b"\x21\x11\x00\x0c" + bytes(12)], address=lambda: any_address(128, 250))
    return made + strangers[0], closed + strangers[1]


def attack_A47_web_sockets(ports, seconds):
    def upgrade(more="", protocol="Sec-WebSocket-Protocol: mqtt\r\n"):
        return ("GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s\r\n"
                % (ports.web, protocol, more)).encode()

    plain = upgrade()
    return all_closed(ports.web, seconds, [
        upgrade("Origin: https://evil.example\r\n"), upgrade(protocol=""), plain + b"\x81\x81\0\0\0\0a", plain + b"\x82\x01a",
        plain + b"\xc2\x81\0\0\0\0a", plain + b"\x82\xff\x80" + bytes(11), plain + b"\x89\xfe\xff\xff" + bytes(4),
        upgrade("X: " + "x" * 20_000 + "\r\n"), b"GET /mqtt HTTP/1.1\r\n" + b"a: b\r\n" * 5000])


# --- the admin port --------------------------------------------------------------------------------------------------------------------

def asked(ports, head, body=b"", address=None):
    peer = Peer(ports.admin, address=address)
    peer.send(head.encode() + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" + body)
    answer = peer.socket.recv(4096)
    peer.close()
    return answer


def attack_B19_admin_tokens(ports, seconds):
    """Wrong tokens: 401 from anywhere, and 429 soon from one address."""
    made = refused = 0
    end = time.time() + seconds
    while time.time() < end:
        answer = asked(ports, "GET /api/v1/status HTTP/1.1\r\nAuthorization: Bearer %032x" % random.getrandbits(128))
        made += 1
        refused += answer.startswith(b"HTTP/1.1 401 ")
    wrong = "GET /api/v1/status HTTP/1.1\r\nAuthorization: Bearer wrong"
    guesses = [Peer(ports.admin, address="127.0.251.2").send((wrong + "\r\nHost: localhost\r\n\r\n").encode()) for _ in range(10)]
    time.sleep(1)
    last = asked(ports, wrong, address="127.0.251.2")
    for guess in guesses:
        guess.close()
    return made + 1, refused + last.startswith(b"HTTP/1.1 429 ")


def attack_G16_admin_requests(ports, seconds):
    """Each is answered with an error of the caller's, and closed."""
    token_line = "\r\nAuthorization: Bearer " + ports.admin_token
    post = "POST /api/v1/bans/add HTTP/1.1%s\r\nContent-Type: application/json\r\n" % token_line
    bodies = [
        ("GET /" + "a" * 5000 + " HTTP/1.1", b""), ("GET /api/v1/status HTTP/1.1" + "\r\nX: y" * 3000, b""), ("nonsense", b""),
        (post + "Content-Length: 99999999", b""), (post + "Transfer-Encoding: chunked\r\nContent-Length: 4", b"0\r\n\r\n"),
        (post + "Content-Length: 20000", b"[" * 20_000), (post + "Content-Length: 2", b"{}"), ("GET /%00/../etc HTTP/1.1" + token_line, b"")]
    made = refused = 0
    end = time.time() + seconds
    while time.time() < end:
        for head, body in bodies:
            made += 1
            try:
                refused += asked(ports, head, body)[9:10] == b"4"
            except ConnectionError:
                refused += 1
    return made, refused


def attack_G16_admin_slow_bodies(ports, seconds):
    """400 that never end: those over the limit are closed at once, and it answers again when the others are gone."""
    head = "POST /api/v1/bans/add HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n" \
           "Content-Length: 1000\r\n\r\n{" % ports.admin_token
    peers = []
    for _ in range(400):
        try:
            peers.append(Peer(ports.admin).send(head.encode()))
        except OSError:
            pass
    time.sleep(seconds)
    left = sum(not peer.is_closed(0.01) for peer in peers)
    for peer in peers:
        peer.close()
    time.sleep(0.5)
    answers = asked(ports, "GET /health/live HTTP/1.1").startswith(b"HTTP/1.1 200 ")
    return 400, 400 - max(0, left - 100) - (not answers)
