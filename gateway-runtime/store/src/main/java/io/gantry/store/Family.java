// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.nio.charset.StandardCharsets;

/** The kinds of state, each in a column family of its own. Names and numbers are part of the format. */
enum Family {
    /** Format version, the store's id, outbox numbers, the marks of outboxes, cursors. RocksDB insists on the name. */
    META(1, "default"),
    /** Sessions, their subscriptions and packet identifiers, under the session's number. */
    SESSIONS(2, "sessions"),
    /** What waits for sessions, under session number and sequence. */
    QUEUES(3, "queues"),
    RETAINED(4, "retained"),
    /** What waits for targets, under outbox number and sequence. */
    OUTBOXES(5, "outboxes"),
    DEAD_LETTERS(6, "dead-letters"),
    /** Messages that are too large to be copied to each of their places, under their ids. */
    MESSAGES(7, "messages"),
    /** Which of those stands in which place. */
    SHARES(8, "shares"),
    /** How many places each of those has. */
    COUNTS(9, "counts");

    private final int number;
    private final String familyName;

    Family(int number, String familyName) {
        this.number = number;
        this.familyName = familyName;
    }

    int number() {
        return number;
    }

    byte[] familyName() {
        return familyName.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return familyName;
    }
}
