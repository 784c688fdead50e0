// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.Locale;

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
    /** A message had been at this gateway before, or at too many, and went no further. */
    LOOPED,
    /** A request was sent to a device. */
    ASKED,
    /** The answer to a request went to whoever had asked. */
    ANSWERED,
    /** A device did not answer in time. */
    UNANSWERED,
    /** A target's answer had nowhere to go: no Response Topic and no reply topic, or one that may not be published to. */
    ANSWERED_NOBODY,
    /** The devices' side did not take an answer. */
    ANSWER_LOST;

    /** As metrics name it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
