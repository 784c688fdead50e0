// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import java.util.function.Consumer;

/**
 * Brings a durable session's queue back into memory, a page at a time, while its device is connected. What is stored
 * while nothing before it waits in the store alone goes on from memory. Used on the session's thread only.
 */
final class QueueReader {
    private final DurableSession durable;
    private final Consumer<SessionStore.Page> onPage;
    private long lastSeen;
    private long lastStored;
    private boolean connected;
    private boolean reading;
    private int connection;

    /**
     * A reader at rest.
     *
     * @param onPage is given each page in its order
     */
    QueueReader(DurableSession durable, Consumer<SessionStore.Page> onPage) {
        this.durable = durable;
        this.onPage = onPage;
        this.lastStored = durable.lastSequence();
    }

    /** A device has connected: the queue is read from its beginning; false when there is nothing in it. */
    boolean connected() {
        connected = true;
        connection++;
        reading = false;
        lastSeen = 0;
        if (durable.isEmpty()) {
            lastSeen = lastStored;
        } else {
            reading = true;
            int now = connection;
            // what was dequeued on the connection before must not be found again
            durable.settled(() -> read(now));
        }
        return reading;
    }

    void disconnected() {
        connected = false;
        connection++;
        reading = false;
    }

    /**
     * A message has been stored; true when it is the next for the device and can be taken as it is.
     *
     * @param room whether there is some in memory
     */
    boolean takes(Outgoing stored, boolean room) {
        boolean caughtUp = lastSeen >= lastStored;
        boolean seen = stored.sequence() <= lastSeen;
        lastStored = Math.max(lastStored, stored.sequence());
        if (seen || !connected || reading || !caughtUp || !room) {
            return false;
        }
        lastSeen = stored.sequence();
        return true;
    }

    /** Reads on when there is more, and little enough in memory. */
    void fill(int inMemory) {
        if (isBehind() && !reading && inMemory <= SessionStore.PAGE_MESSAGES / 2) {
            reading = true;
            read(connection);
        }
    }

    /** Whether messages wait that are not in memory. */
    boolean isBehind() {
        return connected && lastStored > lastSeen;
    }

    private void read(int when) {
        if (when == connection) {
            long stored = lastStored;
            durable.read(lastSeen + 1, page -> opened(when, page, stored));
        }
    }

    private void opened(int when, SessionStore.Page page, long storedBefore) {
        if (when != connection) {
            return;
        }
        reading = false;
        if (!page.messages().isEmpty()) {
            lastSeen = page.messages().get(page.messages().size() - 1).sequence();
        }
        if (page.isLast()) {
            lastSeen = Math.max(lastSeen, storedBefore);
        }
        onPage.accept(page);
    }
}
