// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes until told to finish. A message of QoS 1 or 2 is over when the gateway has said so; on each new connection
 * the others are sent again in their order, with their packet identifiers [5.0/MQTT-4.4.0-1].
 */
public final class ReliablePublisher {
    private static final int WINDOW = 20;
    private static final int AS_FAST_AS_POSSIBLE = Integer.MAX_VALUE;

    private final String name;
    private final Version version;
    private final int port;
    private final Progress progress;
    private final Messages messages;
    private final long pauseNanos;
    private final Map<Integer, Unfinished> unfinished = new LinkedHashMap<>();
    private long due = System.nanoTime();
    private int lastPacketId;
    private boolean known;
    private boolean over;

    /** What it publishes, and what becomes of it. Called on the publisher's thread. */
    public interface Messages {
        /** The next one; asked for once each. */
        Publish next();

        /** It was sent once more, since it may not have arrived. */
        default void sentAgain(Publish publish) {}

        /** PUBACK or PUBREC has come. */
        default void acknowledged(Publish publish) {}

        /**
         * The gateway did not take it, and it is not sent again.
         *
         * @param code 0x80 or above
         */
        default void refused(Publish publish, int code) {
            throw new AssertionError(publish + " was refused: " + code);
        }
    }

    /** A message whose PUBACK or PUBCOMP is missing. */
    private static final class Unfinished {
        final Publish publish;
        boolean received;

        Unfinished(Publish publish) {
            this.publish = publish;
        }
    }

    ReliablePublisher(String name, Version version, int port, Progress progress, Messages messages) {
        this(name, version, port, progress, messages, AS_FAST_AS_POSSIBLE);
    }

    /**
     * One that has not connected yet.
     *
     * @param mostPerSecond messages that it begins
     */
    public ReliablePublisher(
            String name, Version version, int port, Progress progress, Messages messages, int mostPerSecond) {
        this.name = name;
        this.version = version;
        this.port = port;
        this.progress = progress;
        this.messages = messages;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / mostPerSecond;
    }

    /** Publishes over as many connections as it takes. */
    public void run() throws InterruptedException {
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
                messages.sentAgain(entry.getValue().publish);
                connection.publish(entry.getValue().publish, entry.getKey(), true);
            }
        }
        while (!over) {
            while (unfinished.size() < WINDOW && !progress.isFinishing() && isDue()) {
                publishNext(connection);
            }
            if (!unfinished.isEmpty()) {
                answered(connection, connection.read());
            } else if (progress.isFinishing()) {
                connection.disconnect();
                over = true;
            } else {
                LockSupport.parkNanos(this, due - System.nanoTime());
            }
        }
    }

    private boolean isDue() {
        return System.nanoTime() - due >= 0;
    }

    private void publishNext(RawConnection connection) throws IOException {
        due = Math.max(due, System.nanoTime() - TimeUnit.SECONDS.toNanos(1)) + pauseNanos;
        Publish publish = messages.next();
        if (publish.qos() == 0) {
            connection.publish(publish, 0, false);
            return;
        }
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
        if (message == null) {
            throw new AssertionError(name + ": unexpected " + packet);
        }
        int qos = message.publish.qos();
        if (packet.type() == RawConnection.PUBREC && qos == 2 && packet.code() < 0x80) {
            taken(message);
            connection.acknowledge(RawConnection.PUBREL, packetId);
        } else if (packet.type() == RawConnection.PUBACK && qos == 1 && packet.code() < 0x80) {
            taken(message);
            unfinished.remove(packetId);
        } else if (packet.type() == RawConnection.PUBCOMP && message.received) {
            // whatever it says: 0x92 answers a PUBREL that is sent again after its PUBCOMP was lost
            unfinished.remove(packetId);
        } else if (packet.type() == (qos == 1 ? RawConnection.PUBACK : RawConnection.PUBREC) && !message.received) {
            unfinished.remove(packetId);
            messages.refused(message.publish, packet.code());
        } else {
            throw new AssertionError(name + ": unexpected " + packet);
        }
    }

    private void taken(Unfinished message) {
        if (!message.received) {
            message.received = true;
            messages.acknowledged(message.publish);
            progress.countAcknowledged();
        }
    }
}
