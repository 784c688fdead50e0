// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** What happens to a message for which an outbox has no room. */
public enum WhenFull {
    /** It is refused, so that whoever brought it keeps it. */
    REFUSE,
    /** It is taken, and the oldest are dropped for it. */
    DROP_OLDEST,
    /** It is acknowledged and dropped. */
    DROP_NEWEST
}
