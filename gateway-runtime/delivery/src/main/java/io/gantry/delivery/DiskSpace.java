// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.concurrent.atomic.AtomicLong;

/** How much may wait on disk for one target. Taken with the write order held, freed on any thread. */
final class DiskSpace {
    /** What an outbox that drops its oldest may grow beyond its bound, at most twice it, before it refuses after all. */
    private static final long SLACK_BYTES = 16L << 20;

    private final BufferSettings settings;
    private final AtomicLong used;

    /** Whether there is room for a message. */
    enum Room {
        TAKEN,
        /** None: whoever brought it keeps it. */
        REFUSED,
        /** None, and it is to be dropped. */
        DROPPED
    }

    DiskSpace(BufferSettings settings, long found) {
        this.settings = settings;
        this.used = new AtomicLong(found);
    }

    /** Takes room for a message, as the policy says where there is none. */
    Room take(int bytes) {
        if (takeWithin(bytes, most())) {
            return Room.TAKEN;
        }
        return switch (settings.whenFull()) {
            case REFUSE -> Room.REFUSED;
            case DROP_NEWEST -> Room.DROPPED;
            case DROP_OLDEST ->
                bytes <= most() && takeWithin(bytes, most() + Math.min(SLACK_BYTES, most()))
                        ? Room.TAKEN
                        : Room.REFUSED;
        };
    }

    /** Takes room for a message if nothing has to be dropped for it. */
    boolean takeIfFree(int bytes) {
        return takeWithin(bytes, most());
    }

    private boolean takeWithin(int bytes, long most) {
        boolean fits = used.get() + bytes <= most;
        if (fits) {
            used.addAndGet(bytes);
        }
        return fits;
    }

    private long most() {
        return settings.maxBytes().bytes();
    }

    void free(int bytes) {
        used.addAndGet(-bytes);
    }

    /** Whether the oldest are to be dropped. */
    boolean isOverfull() {
        return settings.whenFull() == WhenFull.DROP_OLDEST && used.get() > most();
    }
}
