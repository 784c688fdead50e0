// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

/** What is counted of an endpoint, as it belongs to none of its routes. */
public enum EndpointEvent {
    /** A caller was refused before any route or topic had its request. */
    REFUSED,
    /** What came was dropped unread, as too much waited; nobody was told. */
    DROPPED,
    /** A caller was told that time is over, though its message may be taken all the same. */
    TIMED_OUT,
    /** An answer came for which nobody waits: too late, a second time, or another's. */
    ANSWERED_NOBODY
}
