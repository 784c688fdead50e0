// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import org.jspecify.annotations.Nullable;

/** The {@code to} settings of a connector whose target answers what it is asked. */
public interface ReplySettings {

    /** Whether the answer goes back to the device that asked. */
    boolean reply();

    /** Where the answer is published when the request has no Response Topic; null for nowhere. */
    @Nullable Template replyTopic();
}
