// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

/** What a connection does with the session that the broker may have. */
enum SessionUse {
    /** Nothing: what there is goes, and what is made need not outlast the connection. */
    NONE,

    /** Begins one that outlasts the connection; what there is goes. */
    BEGIN,

    /** Goes on with what there is. */
    CONTINUE
}
