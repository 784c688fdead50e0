// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Records what it is given, over as many connections as it takes, and acknowledges it. At QoS 2 it keeps the packet
 * identifiers that are not released, as the specification asks: what is recorded twice has been sent as a new message.
 */
public final class RecordingSubscriber {
    static final String NUMBERED = "killed/+/+";
    static final String END = "killed/end";

    private final String name;
    private final String filter;
    private final Version version;
    private final int qos;
    private final int port;
    private final Progress progress;
    private final Random absences;
    private final Map<String, List<Integer>> recorded = new HashMap<>();
    private final Set<Integer> unreleased = new HashSet<>();
    private boolean known;

    /**
     * One that has not subscribed yet.
     *
     * @param filter of what it subscribes to, beside the mark of the end
     * @param absences how long it stays and how long it is away; null when it leaves only with the gateway
     */
    public RecordingSubscriber(
            String name, String filter, Version version, int qos, int port, Progress progress, Random absences) {
        this.name = name;
        this.filter = filter;
        this.version = version;
        this.qos = qos;
        this.port = port;
        this.progress = progress;
        this.absences = absences;
    }

    int qos() {
        return qos;
    }

    String name() {
        return name;
    }

    /** The numbers that came at a Topic Name, as they came. Any thread. */
    public List<Integer> recorded(String topic) {
        synchronized (recorded) {
            return List.copyOf(recorded.getOrDefault(topic, List.of()));
        }
    }

    /** Makes the session and its subscriptions. */
    public void subscribe() throws IOException {
        try (RawConnection connection = RawConnection.open(port, version)) {
            connect(connection);
            connection.subscribe(filter, qos);
            connection.subscribe(END, qos);
            known = true;
            connection.disconnect();
        }
    }

    /** Receives until the message that marks the end has come and nothing is half done. */
    public void runUntil(int end) throws InterruptedException {
        boolean over = false;
        while (!over) {
            progress.awaitUp();
            try (RawConnection connection = RawConnection.open(port, version)) {
                connect(connection);
                over = receive(connection, end);
            } catch (IOException lost) {
                progress.countConnectionLost();
            }
            if (!over && absences != null) {
                progress.awaitAcknowledged(progress.acknowledged() + absences.nextInt(300));
            }
        }
    }

    private void connect(RawConnection connection) throws IOException {
        boolean present = connection.connect(name, null);
        if (present != known) {
            throw new AssertionError(name + ": Session Present was " + present);
        }
    }

    /** True when all has come; false when it is time to be away, with acknowledgements unsent. */
    private boolean receive(RawConnection connection, int end) throws IOException {
        int stay = absences == null ? Integer.MAX_VALUE : 50 + absences.nextInt(600);
        for (int packets = 0; packets < stay || progress.isFinishing(); packets++) {
            onPacket(connection, connection.read());
            if (recorded(END).contains(end) && unreleased.isEmpty()) {
                connection.disconnect();
                return true;
            }
        }
        return false;
    }

    private void onPacket(RawConnection connection, Arrived packet) throws IOException {
        int packetId = packet.packetId();
        if (packet.type() == RawConnection.PUBLISH && packet.qos() == 1) {
            record(packet);
            connection.acknowledge(RawConnection.PUBACK, packetId);
        } else if (packet.type() == RawConnection.PUBLISH && packet.qos() == 2) {
            if (unreleased.add(packetId)) {
                record(packet);
            }
            connection.acknowledge(RawConnection.PUBREC, packetId);
        } else if (packet.type() == RawConnection.PUBREL) {
            unreleased.remove(packetId);
            connection.acknowledge(RawConnection.PUBCOMP, packetId);
        } else {
            throw new AssertionError(name + ": unexpected " + packet);
        }
    }

    private void record(Arrived packet) {
        synchronized (recorded) {
            recorded.computeIfAbsent(packet.topic(), topic -> new ArrayList<>()).add(Integer.valueOf(packet.payload()));
        }
    }
}
