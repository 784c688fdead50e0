// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Publishes numbered messages at QoS 1 and 2 in turn until told to finish. A message is over when the gateway has said so;
 * on each new connection the others are sent again in their order, with their packet identifiers [5.0/MQTT-4.4.0-1].
 */
final class NumberedPublisher {
    private static final int WINDOW = 20;
    private static final int RETAINED_EACH = 10;

    private final String name;
    private final Version version;
    private final int port;
    private final Progress progress;
    private final Map<Integer, Unfinished> unfinished = new LinkedHashMap<>();
    private final int[] sent = new int[3];
    private int turn;
    private int lastPacketId;
    private boolean known;
    private boolean over;

    /** A message whose PUBACK or PUBCOMP is missing. */
    private static final class Unfinished {
        final Publish publish;
        boolean received;

        Unfinished(Publish publish) {
            this.publish = publish;
        }
    }

    NumberedPublisher(String name, Version version, int port, Progress progress) {
        this.name = name;
        this.version = version;
        this.port = port;
        this.progress = progress;
    }

    String topic(int qos) {
        return "killed/" + name + "/" + qos;
    }

    /** How many were published at a QoS; they are numbered from 1. */
    int sent(int qos) {
        return sent[qos];
    }

    /** The number of the last message at a QoS that was to be retained. */
    int lastRetained(int qos) {
        return sent[qos] / RETAINED_EACH * RETAINED_EACH;
    }

    /** Publishes over as many connections as it takes. */
    void run() throws InterruptedException {
        while (!over) {
            progress.awaitUp();
            try (RawConnection connection = RawConnection.open(port, version)) {
                connected(connection);
            } catch (IOException lost) {
                progress.countConnectionLost();
            }
        }
    }

    private void connected(RawConnection connection) throws IOException {
        boolean present = connection.connect(name, null);
        if (known && !present) {
            throw new AssertionError(name + ": its session is gone");
        }
        for (Map.Entry<Integer, Unfinished> entry : unfinished.entrySet()) {
            if (entry.getValue().received) {
                connection.acknowledge(RawConnection.PUBREL, entry.getKey());
            } else {
                connection.publish(entry.getValue().publish, entry.getKey(), true);
            }
        }
        while (!over) {
            while (unfinished.size() < WINDOW && !progress.isFinishing()) {
                publishNext(connection);
            }
            if (unfinished.isEmpty()) {
                connection.disconnect();
                over = true;
            } else {
                answered(connection, connection.read());
            }
        }
    }

    private void publishNext(RawConnection connection) throws IOException {
        int qos = 1 + turn++ % 2;
        int number = ++sent[qos];
        Publish publish = new Publish(topic(qos), qos, number % RETAINED_EACH == 0, Integer.toString(number));
        do {
            lastPacketId = lastPacketId % 0xFFFF + 1;
        } while (unfinished.containsKey(lastPacketId));
        unfinished.put(lastPacketId, new Unfinished(publish));
        connection.publish(publish, lastPacketId, false);
    }

    private void answered(RawConnection connection, Arrived packet) throws IOException {
        known = true;
        int packetId = packet.packetId();
        Unfinished message = unfinished.get(packetId);
        // 0x92 answers a PUBREL that is sent again after its PUBCOMP was lost
        boolean refused = packet.code() >= 0x80 && packet.type() != RawConnection.PUBCOMP;
        if (message == null || refused) {
            throw new AssertionError(name + ": unexpected " + packet);
        }
        if (packet.type() == RawConnection.PUBREC && message.publish.qos() == 2) {
            countTaken(message);
            connection.acknowledge(RawConnection.PUBREL, packetId);
        } else if (packet.type() == RawConnection.PUBACK && message.publish.qos() == 1) {
            countTaken(message);
            unfinished.remove(packetId);
        } else if (packet.type() == RawConnection.PUBCOMP && message.received) {
            unfinished.remove(packetId);
        } else {
            throw new AssertionError(name + ": unexpected " + packet);
        }
    }

    private void countTaken(Unfinished message) {
        if (!message.received) {
            message.received = true;
            progress.countAcknowledged();
        }
    }
}
