// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Set;

/**
 * Stands before Paho, which reserves whatever memory a packet announces. So what is longer than allowed never gets to it,
 * nor what a broker must not send. Paho would also answer PUBREC before a route has the message, and end the connection over
 * one refused message: so it sees one of QoS 2 as one of QoS 1, and PUBREC, PUBREL and PUBCOMP never. Read by one thread.
 */
final class PacketGuard extends InputStream {
    /** CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP, DISCONNECT. */
    private static final Set<Integer> FROM_BROKERS = Set.of(2, 3, 4, 5, 6, 7, 9, 11, 13, 14);

    private static final int QOS = 6;
    private static final int EXACTLY_ONCE = 4;
    private static final int AT_LEAST_ONCE = 2;
    private static final int CONTINUES = 0x80;
    private static final byte[] NOTHING = {};

    private final InputStream in;
    private final long largest;
    private final Wire wire;
    private byte[] ready = NOTHING;
    private int readyFrom;
    private int left;
    private boolean isFirst = true;
    private boolean sessionPresent;

    /**
     * Before one connection.
     *
     * @param largest bytes of a packet
     * @param wire is told what Paho does not see
     */
    PacketGuard(InputStream in, long largest, Wire wire) {
        this.in = in;
        this.largest = largest;
        this.wire = wire;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (readyFrom == ready.length && left == 0 && !nextPacket()) {
            return -1;
        }
        if (readyFrom < ready.length) {
            int count = Math.min(length, ready.length - readyFrom);
            System.arraycopy(ready, readyFrom, bytes, from, count);
            readyFrom += count;
            return count;
        }
        int count = in.read(bytes, from, Math.min(length, left));
        left -= Math.max(0, count);
        return count;
    }

    @Override
    public int available() throws IOException {
        return ready.length - readyFrom + Math.min(left, in.available());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Reads on until there is a packet for Paho; false at the end of the stream. */
    private boolean nextPacket() throws IOException {
        while (readyFrom == ready.length) {
            int first = in.read();
            if (first < 0 || !readHeader(first)) {
                return false;
            }
            switch (first >> 4) {
                case Packets.CONNACK -> onConnAck();
                case Packets.PUBLISH -> onPublish(first & QOS);
                case Packets.PUBREC, Packets.PUBREL, Packets.PUBCOMP -> onExact(first);
                default -> {}
            }
        }
        return true;
    }

    /** Reads a fixed header; false at the end of the stream. */
    private boolean readHeader(int first) throws IOException {
        check(first);
        byte[] header = new byte[5];
        header[0] = (byte) first;
        int size = 1;
        int length = 0;
        int octet = CONTINUES;
        while (octet >= CONTINUES) {
            octet = in.read();
            if (octet < 0) {
                return false;
            }
            boolean goesOn = octet >= CONTINUES && size == header.length - 1;
            if (goesOn || (octet == 0 && size > 1)) {
                throw new HostileBrokerException("a Remaining Length is too long");
            }
            length |= (octet & 0x7F) << 7 * (size - 1);
            header[size++] = (byte) octet;
        }
        if ((long) size + length > largest) {
            throw new HostileBrokerException("a packet is larger than max-packet-size");
        }
        ready = Arrays.copyOf(header, size);
        readyFrom = 0;
        left = length;
        return true;
    }

    private void check(int first) throws HostileBrokerException {
        int type = first >> 4;
        if (!FROM_BROKERS.contains(type) || isFirst != (type == Packets.CONNACK)) {
            throw new HostileBrokerException("a packet that must not come now");
        }
        isFirst = false;
    }

    /** Reads so many bytes of the packet, which Paho sees too. */
    private byte[] take(int count) throws IOException {
        byte[] bytes = in.readNBytes(Math.min(count, left));
        left -= bytes.length;
        if (bytes.length < count) {
            throw new HostileBrokerException("a packet is shorter than it says");
        }
        int before = ready.length;
        ready = Arrays.copyOf(ready, before + count);
        System.arraycopy(bytes, 0, ready, before, count);
        return bytes;
    }

    private void onConnAck() throws IOException {
        sessionPresent = (take(1)[0] & 1) == 1;
    }

    /** A session may have messages for a subscription at QoS 2 of a former run. */
    private void onPublish(int qos) throws IOException {
        boolean isExact = qos == EXACTLY_ONCE;
        if (qos == QOS || (isExact && !sessionPresent && !wire.expectsExact())) {
            throw new HostileBrokerException("a message of a higher QoS than was subscribed");
        }
        if (qos == 0) {
            return;
        }
        take(Packets.number(take(2), 0));
        int packetId = Packets.number(take(2), 0);
        if (isExact) {
            requireValid(packetId);
            ready[0] = (byte) (ready[0] & ~QOS | AT_LEAST_ONCE);
        }
        wire.onPublish(packetId, isExact);
    }

    private static void requireValid(int packetId) throws HostileBrokerException {
        if (packetId == 0) {
            throw new HostileBrokerException("a Packet Identifier is 0");
        }
    }

    private void onExact(int first) throws IOException {
        int type = first >> 4;
        if ((first & 0x0F) != (type == Packets.PUBREL ? 2 : 0) || left < 2) {
            throw new HostileBrokerException("a malformed PUBREC, PUBREL or PUBCOMP");
        }
        byte[] body = take(left);
        int packetId = Packets.number(body, 0);
        requireValid(packetId);
        readyFrom = ready.length;
        int code = body.length > 2 ? body[2] & 0xFF : 0;
        switch (type) {
            case Packets.PUBREC -> wire.onPubRec(packetId, code);
            case Packets.PUBREL -> wire.onPubRel(packetId);
            default -> wire.onPubComp(packetId, code);
        }
    }
}
