// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import java.util.Locale;

/** What the MQTT server counts. */
public enum Counter {
    CONNECTIONS_OPENED,
    CONNECTIONS_REFUSED,
    CONNECTIONS_CLOSED,
    SESSIONS_TAKEN_OVER,
    BYTES_RECEIVED,
    BYTES_SENT,
    PACKETS_RECEIVED,
    PACKETS_SENT,
    PACKETS_MALFORMED,
    PROTOCOL_ERRORS,
    TLS_HANDSHAKES,
    TLS_HANDSHAKES_FAILED,
    /** After the handshake: renegotiation, records that carry nothing or cannot be deciphered. */
    TLS_VIOLATIONS,
    /** Connections ended because whom their certificate is of is trusted no longer. */
    CERTIFICATES_DISTRUSTED,
    /** Files of certificates, keys and revocation lists that have changed and are in use. */
    TLS_FILES_RENEWED,
    /** Such files that have changed and cannot be used. */
    TLS_FILES_FAILED,
    KEEP_ALIVE_TIMEOUTS,
    AUTHENTICATIONS_FAILED,
    AUTHENTICATION_ROUNDS_EXCEEDED,
    /** Proofs, such as tokens, that ended while their device was connected, which was disconnected. */
    AUTHENTICATIONS_ENDED,
    /** Connections refused for a ban, by address, Client Identifier or user name. */
    CONNECTS_BANNED,
    /** For too many failed logins. */
    ADDRESSES_BANNED,
    /** Client Identifiers banned at an address, for coming and going again and again. */
    FLAPPING_BANNED,
    /** Of a session that is somebody else's. */
    TAKE_OVERS_REFUSED,
    MESSAGES_RECEIVED,
    MESSAGES_REPEATED,
    /** Had been here before, by the mark that gateways put on what they pass on. */
    MESSAGES_LOOPED,
    MESSAGES_REJECTED,
    MESSAGES_UNAVAILABLE,
    MESSAGES_SENT,
    MESSAGES_DROPPED_QUEUE_FULL,
    ACKNOWLEDGEMENTS_OVERDUE,
    MESSAGES_DROPPED_EXPIRED,
    MESSAGES_DROPPED_TOO_LARGE,
    MESSAGES_DROPPED_AWAY,
    /** For devices that may not have them. */
    MESSAGES_DROPPED_NOT_ALLOWED,
    RETAINED_REFUSED,
    STORE_REFUSALS,
    ACKS_UNKNOWN,
    PUBLISH_RATE_EXCEEDED,
    CONNECT_RATE_EXCEEDED,
    CLIENT_IDS_BANNED,
    ACCEPT_RATE_EXCEEDED,
    /** Connections closed because more come from their address in a second than may. */
    ADDRESS_ACCEPT_RATE_EXCEEDED,
    /** Connections read more slowly because more messages come from their address than may. */
    ADDRESS_PUBLISH_RATE_EXCEEDED,
    /** Times that a device was not read for a while because its messages go to more than can be served meanwhile. */
    PUBLISHERS_TOO_FAR_AHEAD,
    /** Times that the gateway became overloaded. */
    OVERLOADS,
    /** Connections refused because of that. */
    CONNECTIONS_SHED,
    /** Messages of QoS 0 dropped because of that. */
    MESSAGES_SHED,
    /** Connections read more slowly because of that. */
    READING_SLOWED,
    /** Missing or bad ones, and those of strangers. */
    PROXY_HEADERS_REFUSED,
    PACKETS_TOO_SLOW,
    SUBSCRIPTIONS_REFUSED,
    TOPIC_ALIASES_REFUSED,
    RECEIVE_MAXIMUM_REACHED,
    MESSAGES_QUEUED,
    KEEP_ALIVES_LOWERED,
    SESSION_EXPIRIES_LOWERED;

    /** For logs and metrics: {@code packets-malformed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
