// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

/** What is counted of a route besides its outboxes. */
public enum RouteEvent {
    /** A source endpoint brought a message. */
    RECEIVED,
    /** It was taken, and its source may forget it. */
    ACCEPTED,
    /** It can never be taken. */
    REJECTED,
    /** It cannot be taken now; its source keeps it. */
    UNAVAILABLE,
    /** What a source endpoint brought was refused before it was a message; it is none of those received. */
    REFUSED,
    /** A message had been at this gateway before, or at too many, and went no further. */
    LOOPED,
    /** A request was sent to a device. */
    ASKED,
    /** The answer to a request went to whoever had asked. */
    ANSWERED,
    /** A device did not answer in time, or a target from which an answer was wanted. */
    UNANSWERED,
    /** A target's answer had nowhere to go: no Response Topic and no reply topic, or one that may not be published to. */
    ANSWERED_NOBODY,
    /** The devices' side did not take an answer. */
    ANSWER_LOST
}
