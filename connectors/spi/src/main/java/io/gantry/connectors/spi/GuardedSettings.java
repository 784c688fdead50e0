// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.List;

/** Settings of an endpoint whose callers may come under the file's {@code security:}. */
public interface GuardedSettings {

    /** Whether its callers are asked who they are by the file's {@code security:}. */
    boolean isUnderSecurity();

    /** Names of the roles that it gives to callers itself. */
    default List<String> roles() {
        return List.of();
    }
}
