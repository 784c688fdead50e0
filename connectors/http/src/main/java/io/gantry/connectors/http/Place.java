// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.time.Duration;

/** What is behind a path: it takes requests, and answers each. */
interface Place {

    /** Takes a request; on the listener's worker, which must not wait. */
    void take(ReceivedRequest request);

    /** How long an answer may take, besides what the listener grants every one. */
    default Duration extraTime() {
        return Duration.ZERO;
    }
}
