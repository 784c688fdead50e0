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
    ANSWERED_NOBODY,
    /** A file of TLS, by which callers are listened to, was changed and is in use. */
    TLS_FILE_RENEWED,
    /** A file of TLS, by which callers are listened to, was changed and cannot be used; what it held before stays. */
    TLS_FILE_FAILED
}
