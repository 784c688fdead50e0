// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before Paho, which reserves whatever memory a packet announces, and would end the connection over one refused
 * message of QoS 2, again and again. So what is longer than allowed never gets to it, nor what a broker must not send; and
 * a PUBREC that refuses is noted here and shown to it as one that does not. Read by one thread.
 */
final class PacketGuard extends InputStream {
    /** CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP, DISCONNECT. */
    private static final Set<Integer> FROM_BROKERS = Set.of(2, 3, 4, 5, 6, 7, 9, 11, 13, 14);

    private static final int CONNACK = 2;
    private static final int PUBLISH = 3;
    private static final int PUBREC = 5;
    private static final int REFUSED = 0x80;
    private static final int CONTINUES = 0x80;
    private static final byte[] NOTHING = {};

    private final InputStream in;
    private final long largest;
    private final Map<Integer, Integer> refusals;
    private byte[] ready = NOTHING;
    private int readyFrom;
    private int left;
    private boolean isFirst = true;

    /**
     * Before one connection.
     *
     * @param largest bytes of a packet
     * @param refusals is given the reason code of each PUBREC that refuses, by its Packet Identifier
     */
    PacketGuard(InputStream in, long largest, Map<Integer, Integer> refusals) {
        this.in = in;
        this.largest = largest;
        this.refusals = refusals;
    }

    static Map<Integer, Integer> noRefusals() {
        return new ConcurrentHashMap<>();
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

    /** Reads a fixed header; false at the end of the stream. */
    private boolean nextPacket() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
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
        if (first >> 4 == PUBREC && length > 2) {
            onPubRec();
        }
        return true;
    }

    private void check(int first) throws HostileBrokerException {
        int type = first >> 4;
        if (!FROM_BROKERS.contains(type) || isFirst != (type == CONNACK)) {
            throw new HostileBrokerException("a packet that must not come now");
        }
        isFirst = false;
        if (type == PUBLISH && (first & 6) > 2) {
            throw new HostileBrokerException("a message of a higher QoS than was subscribed");
        }
    }

    private void onPubRec() throws IOException {
        byte[] body = in.readNBytes(left);
        left = 0;
        if (body.length > 2 && (body[2] & 0xFF) >= REFUSED) {
            refusals.put((body[0] & 0xFF) << 8 | body[1] & 0xFF, body[2] & 0xFF);
            ready = new byte[] {PUBREC << 4, 2, body[0], body[1]};
        } else {
            byte[] whole = Arrays.copyOf(ready, ready.length + body.length);
            System.arraycopy(body, 0, whole, ready.length, body.length);
            ready = whole;
        }
    }
}
