// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;

/** A broker sends what it must not: its connection ends. */
final class HostileBrokerException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * The end of a connection.
     *
     * @param what a fixed text with nothing of a packet in it
     */
    HostileBrokerException(String what) {
        super(what);
    }
}
