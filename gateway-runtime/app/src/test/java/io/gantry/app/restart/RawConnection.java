// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * One MQTT connection, byte by byte: a test that counts what was acknowledged must know exactly which bytes were sent and
 * read, which no client library says. Sessions are persistent. What is sent leaves when the other side is waited for.
 */
public final class RawConnection implements Closeable {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBACK = 9;
    static final int UNSUBACK = 11;
    private static final int DISCONNECT = 14;

    private static final int SILENCE_MILLIS = 180_000;
    private static final int EXPIRY_SECONDS = 3_600;
    private static final int SESSION_EXPIRY_INTERVAL = 0x11;
    private static final int WILL_DELAY_INTERVAL = 0x18;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Version version;

    /** The protocol version, as a CONNECT says it. */
    public enum Version {
        V3_1_1(4),
        V5(5);

        final int level;

        Version(int level) {
            this.level = level;
        }
    }

    /** A message to publish when the device is lost; its payload is its topic. */
    record Will(String topic, int delaySeconds) {}

    /** A packet that came; a CONNACK has Session Present where others have their packet identifier. */
    record Arrived(int type, int qos, boolean retain, int packetId, int code, String topic, String payload) {}

    /** The fields of a PUBLISH. */
    public record Publish(String topic, int qos, boolean retain, String payload) {}

    private RawConnection(Socket socket, Version version) throws IOException {
        this.socket = socket;
        this.version = version;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new BufferedOutputStream(socket.getOutputStream());
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    static RawConnection open(int port, Version version) throws IOException {
        return new RawConnection(new Socket(InetAddress.getLoopbackAddress(), port), version);
    }

    /** Connects without Clean Start; whether a session was present. */
    boolean connect(String clientId, Will will) throws IOException {
        Arrived answer = connect(clientId, will, null);
        if (answer.type() != CONNACK || answer.code() != 0) {
            throw new AssertionError(clientId + " was not let in: " + answer);
        }
        return answer.packetId() != 0;
    }

    /** Connects an MQTT 5 device with Clean Start, and without a session that outlives the connection. */
    void connectForNow(String clientId) throws IOException {
        Body body = new Body();
        body.text("MQTT").writeByte(version.level);
        body.bytes.writeByte(2);
        body.bytes.writeShort(0);
        body.noProperties();
        body.text(clientId);
        send(0x10, body);
        Arrived answer = read();
        if (answer.type() != CONNACK || answer.code() != 0) {
            throw new AssertionError(clientId + " was not let in: " + answer);
        }
    }

    /** The same as somebody, whose password is his name; the CONNACK, whatever it says. */
    Arrived connect(String clientId, Will will, String user) throws IOException {
        Body body = new Body();
        body.text("MQTT").writeByte(version.level);
        body.bytes.writeByte((will == null ? 0 : 0x0C) | (user == null ? 0 : 0xC0));
        body.bytes.writeShort(0);
        body.property(SESSION_EXPIRY_INTERVAL, EXPIRY_SECONDS);
        body.text(clientId);
        if (will != null) {
            body.property(WILL_DELAY_INTERVAL, will.delaySeconds());
            body.text(will.topic());
            body.text(will.topic());
        }
        if (user != null) {
            body.text(user);
            body.text(user);
        }
        send(0x10, body);
        return read();
    }

    /** Subscribes and waits for the SUBACK. */
    void subscribe(String filter, int qos) throws IOException {
        Body body = new Body();
        body.bytes.writeShort(1);
        body.noProperties();
        body.text(filter).writeByte(qos);
        send(0x82, body);
        Arrived answer = read();
        if (answer.type() != SUBACK || answer.code() != qos) {
            throw new AssertionError(filter + " was not granted: " + answer);
        }
    }

    /** Unsubscribes and waits for the UNSUBACK. */
    void unsubscribe(String filter) throws IOException {
        Body body = new Body();
        body.bytes.writeShort(1);
        body.noProperties();
        body.text(filter);
        send(0xA2, body);
        Arrived answer = read();
        if (answer.type() != UNSUBACK || answer.code() != 0) {
            throw new AssertionError(filter + " was not given up: " + answer);
        }
    }

    void publish(Publish publish, int packetId, boolean dup) throws IOException {
        Body body = new Body();
        DataOutputStream fields = body.text(publish.topic());
        if (publish.qos() > 0) {
            fields.writeShort(packetId);
        }
        body.noProperties();
        body.bytes.write(publish.payload().getBytes(UTF_8));
        send(PUBLISH << 4 | (dup ? 8 : 0) | publish.qos() << 1 | (publish.retain() ? 1 : 0), body);
    }

    /** Sends PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void acknowledge(int type, int packetId) throws IOException {
        Body body = new Body();
        body.bytes.writeShort(packetId);
        send(type << 4 | (type == PUBREL ? 2 : 0), body);
    }

    void disconnect() throws IOException {
        send(0xE0, new Body());
        out.flush();
    }

    /** The next packet. Fails when nothing comes; throws when the connection ends. */
    Arrived read() throws IOException {
        if (in.available() == 0) {
            out.flush();
        }
        try {
            int first = in.readUnsignedByte();
            byte[] body = new byte[remainingLength()];
            in.readFully(body);
            return arrived(first, body);
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("the gateway was silent for " + SILENCE_MILLIS + " ms", silence);
        }
    }

    private int remainingLength() throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            if (next < 0x80) {
                return length;
            }
        }
    }

    private Arrived arrived(int first, byte[] body) throws IOException {
        int type = first >> 4;
        if (type == PUBLISH) {
            return published(first, body);
        }
        if (type == CONNACK) {
            return new Arrived(type, 0, false, body[0], body[1] & 0xFF, "", "");
        }
        if (type == DISCONNECT) {
            throw new IOException("disconnected by the gateway: " + (body.length == 0 ? 0 : body[0] & 0xFF));
        }
        boolean acknowledgesPublish = type >= PUBACK && type <= PUBCOMP;
        if (!acknowledgesPublish && type != SUBACK && type != UNSUBACK) {
            throw new AssertionError("unexpected packet of type " + type);
        }
        // a reason code ends a SUBACK and an UNSUBACK; in the others it may be left out, and has properties behind it
        int at = acknowledgesPublish ? 2 : body.length - 1;
        int code = at >= 2 && at < body.length ? body[at] : 0;
        return new Arrived(type, 0, false, shortAt(body, 0), code & 0xFF, "", "");
    }

    private Arrived published(int first, byte[] body) {
        int qos = first >> 1 & 3;
        int at = 2 + shortAt(body, 0);
        String topic = new String(body, 2, at - 2, UTF_8);
        int packetId = qos == 0 ? 0 : shortAt(body, at);
        at += qos == 0 ? 0 : 2;
        // properties are few here, so that their length is one byte
        at += version == Version.V5 ? 1 + body[at] : 0;
        String payload = new String(body, at, body.length - at, UTF_8);
        return new Arrived(PUBLISH, qos, (first & 1) != 0, packetId, 0, topic, payload);
    }

    private static int shortAt(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    private void send(int first, Body body) throws IOException {
        out.write(first);
        int length = body.content.size();
        while (length >= 0x80) {
            out.write(length & 0x7F | 0x80);
            length >>= 7;
        }
        out.write(length);
        body.content.writeTo(out);
    }

    /** Ends the connection as a lost one ends: without DISCONNECT, and without what was not sent yet. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What follows the fixed header of a packet that is sent. */
    private final class Body {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final DataOutputStream bytes = new DataOutputStream(content);

        DataOutputStream text(String text) throws IOException {
            byte[] utf8 = text.getBytes(UTF_8);
            bytes.writeShort(utf8.length);
            bytes.write(utf8);
            return bytes;
        }

        void property(int name, int value) throws IOException {
            if (version == Version.V5) {
                bytes.writeByte(5);
                bytes.writeByte(name);
                bytes.writeInt(value);
            }
        }

        void noProperties() throws IOException {
            if (version == Version.V5) {
                bytes.writeByte(0);
            }
        }
    }
}
