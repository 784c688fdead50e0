// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

/** The {@code to} settings of a connector whose target can take messages exactly once. */
public interface ExactlyOnceSettings {

    /** Whether that is asked for; such a route acknowledges what it has stored, and nothing else. */
    boolean exactlyOnce();
}
