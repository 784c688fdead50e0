// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/**
 * What came back for a message that was a request.
 *
 * @param properties of which the Response Topic, the Correlation Data and the Message Expiry Interval say nothing here
 */
public record Answer(Payload payload, MessageProperties properties) {
    /** The request was taken, and nobody has answered while somebody waited. */
    public static final Delivery NOT_IN_TIME =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "no answer came in time");
}
