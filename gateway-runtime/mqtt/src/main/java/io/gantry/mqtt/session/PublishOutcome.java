// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ReasonCode;

/** What a session decided about one PUBLISH; the connection only carries it out. */
public sealed interface PublishOutcome {

    /** Hand it on; the receipt is completed once everybody who must has taken it. */
    record Forward(Receipt receipt) implements PublishOutcome {}

    /** Seen before: hand nothing on. It is acknowledged with, or has been acknowledged like, the first. */
    record Repeat() implements PublishOutcome {}

    /** The device broke the protocol. */
    record Violation(ReasonCode reasonCode, String statement) implements PublishOutcome {}
}
