// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

/** How a gateway can break its promise. */
enum Breach {
    /** Acknowledged, and neither at its target nor among the dead letters. */
    LOST,
    /** More often at a target than was promised. */
    DOUBLED,
    /** Came the first time after a later message of its device. */
    REORDERED,
    /** Not what was published, or never published. */
    CORRUPTED,
    /** At a target its route does not lead to. */
    MISROUTED,
    /** In the gateway's books otherwise than in the world, or the books do not close. */
    UNACCOUNTED,
    /** Not delivered, though nothing was in the way any longer. */
    STUCK
}
