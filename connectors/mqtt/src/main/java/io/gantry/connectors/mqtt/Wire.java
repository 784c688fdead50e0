// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection, below Paho: what a broker sends goes through a {@link PacketGuard}, what is sent through a
 * {@link PacketGate}. What QoS 2 needs beyond PUBLISH passes by Paho, which would answer before the routes have. Any thread.
 */
final class Wire {
    private final Broker broker;
    private final Link.Events events;
    private final Set<Integer> exact = ConcurrentHashMap.newKeySet();
    private @Nullable PacketGuard guard;
    private @Nullable PacketGate gate;

    Wire(Broker broker, Link.Events events) {
        this.broker = broker;
        this.events = events;
    }

    /** Another connection begins. */
    synchronized void restart() {
        stop();
        guard = null;
        gate = null;
    }

    synchronized InputStream reading(InputStream in) {
        PacketGuard current = guard;
        if (current == null) {
            current = new PacketGuard(in, broker.maxPacketSize(), this);
            guard = current;
        }
        return current;
    }

    synchronized OutputStream writing(OutputStream out) {
        PacketGate current = gate;
        if (current == null) {
            current = new PacketGate(out, this::failed);
            gate = current;
        }
        return current;
    }

    private void failed(IOException failure) {
        events.lost(Trouble.of(failure));
    }

    /** Sends a packet beside Paho. */
    void send(byte[] packet) {
        PacketGate current;
        synchronized (this) {
            current = gate;
        }
        if (current == null || !current.send(packet)) {
            events.lost(Trouble.LOST);
        }
    }

    /** The connection is over. */
    synchronized void stop() {
        if (gate != null) {
            gate.close();
        }
    }

    /** Whether a message that Paho was shown as of QoS 1 is of QoS 2. */
    boolean isExact(int packetId) {
        return exact.contains(packetId);
    }

    /** Whether somebody has subscribed at QoS 2. */
    boolean expectsExact() {
        return events.expectsExact();
    }

    /** A message of QoS 1 or 2 comes. */
    void onPublish(int packetId, boolean isExact) {
        if (isExact) {
            exact.add(packetId);
        } else {
            exact.remove(packetId);
        }
    }

    void onPubRec(int packetId, int code) {
        events.received(packetId, code);
    }

    void onPubComp(int packetId, int code) {
        events.completed(packetId, code);
    }

    /** What came before under the Packet Identifier will not come again. */
    void onPubRel(int packetId) {
        boolean isKnown = events.released(packetId) || broker.version() == MqttVersion.V311;
        send(isKnown ? Packets.pubComp(packetId) : Packets.pubCompNotFound(packetId));
    }
}
