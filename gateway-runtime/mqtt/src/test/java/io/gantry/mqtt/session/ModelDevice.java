// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A device as the specification wants it, small enough to be seen to be right: what it keeps survives its connections. */
final class ModelDevice {
    final List<String> takenOnce = new ArrayList<>();
    final Set<String> takenAtLeastOnce = new LinkedHashSet<>();
    final List<String> sentOnce = new ArrayList<>();
    final Set<String> sentAtLeastOnce = new LinkedHashSet<>();

    private final SessionsUnderTest sessions;
    private final String name;
    private final Map<Integer, Sent> unfinished = new LinkedHashMap<>();
    private final Set<Integer> awaitingRelease = new HashSet<>();
    private RecordingDevice wire = RecordingDevice.v5();
    private Session session;
    private boolean connected = true;
    private int read;

    private record Sent(Publish publish, boolean released) {}

    ModelDevice(SessionsUnderTest sessions, String name) {
        this.sessions = sessions;
        this.name = name;
        this.session = sessions.connect(name, wire);
    }

    Session session() {
        return session;
    }

    boolean isConnected() {
        return connected;
    }

    /** What it was sent and has not read is lost. */
    void loseConnection() {
        sessions.leave(session, 1_000);
        connected = false;
    }

    /** The gateway is gone, and its connections with it. */
    void loseGateway() {
        connected = false;
    }

    /** Sends again what is unfinished, in its order [5.0/MQTT-4.4.0-1]. */
    void connectAgain() {
        if (connected) {
            loseConnection();
        }
        wire = RecordingDevice.v5();
        read = 0;
        session = sessions.connect(name, wire);
        connected = true;
        unfinished.forEach((id, sent) -> {
            if (sent.released) {
                session.onAck(PublishAck.of(PacketType.PUBREL, id), wire);
            } else {
                send(publish(id, sent.publish.qos(), true, sent.publish.payload()));
            }
        });
    }

    void publish(Qos qos, String text) {
        int id = 1;
        while (unfinished.containsKey(id)) {
            id++;
        }
        if (qos == Qos.EXACTLY_ONCE) {
            sentOnce.add(text);
        } else {
            sentAtLeastOnce.add(text);
        }
        Publish publish = publish(id, qos, false, Payload.ofText(text));
        unfinished.put(id, new Sent(publish, false));
        send(publish);
    }

    private void send(Publish publish) {
        PublishOutcome outcome = session.onPublish(publish, wire);
        if (outcome instanceof PublishOutcome.Forward forward) {
            String text = publish.payload().asText();
            sessions.distributor.fromDevice(
                    sessions.message("up", publish.qos(), false, MessageProperties.NONE, text),
                    session,
                    session.receiving(publish),
                    forward.receipt());
        }
    }

    private static Publish publish(int id, Qos qos, boolean dup, Payload payload) {
        return new Publish(id, dup, qos, false, new TopicName("up"), 0, payload, MessageProperties.NONE, List.of());
    }

    /** Reads the next packet and answers it; false when there is none. */
    boolean readOne() {
        if (!connected || read == wire.sent.size()) {
            return false;
        }
        Packet packet = wire.sent.get(read++);
        if (packet instanceof Publish publish) {
            take(publish);
        } else {
            onAck((PublishAck) packet);
        }
        return true;
    }

    private void take(Publish publish) {
        String text = publish.payload().asText();
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
            takenAtLeastOnce.add(text);
            session.onAck(PublishAck.of(PacketType.PUBACK, publish.packetId()), wire);
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
            if (awaitingRelease.add(publish.packetId())) {
                takenOnce.add(text);
            }
            session.onAck(PublishAck.of(PacketType.PUBREC, publish.packetId()), wire);
        }
    }

    private void onAck(PublishAck ack) {
        int id = ack.packetId();
        switch (ack.type()) {
            case PUBACK, PUBCOMP -> unfinished.remove(id);
            case PUBREC -> {
                unfinished.computeIfPresent(id, (key, sent) -> new Sent(sent.publish, true));
                session.onAck(PublishAck.of(PacketType.PUBREL, id), wire);
            }
            case PUBREL -> {
                awaitingRelease.remove(id);
                session.onAck(PublishAck.of(PacketType.PUBCOMP, id), wire);
            }
            default -> throw new IllegalStateException("not an acknowledgement: " + ack);
        }
    }

    boolean isFinished() {
        return unfinished.isEmpty() && awaitingRelease.isEmpty();
    }
}
