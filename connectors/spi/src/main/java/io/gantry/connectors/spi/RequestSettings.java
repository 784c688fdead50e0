// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.time.Duration;

/** The {@code from} settings of a connector whose callers wait for an answer. */
public interface RequestSettings {

    /** Whether the caller is given the device's answer. */
    boolean reply();

    /** How long the device may take. */
    Duration replyTimeout();
}
