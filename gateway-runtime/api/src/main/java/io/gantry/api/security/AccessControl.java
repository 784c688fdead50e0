// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.ClientId;

/** Says what somebody may do. Any thread. */
@FunctionalInterface
public interface AccessControl {
    /** Lets everybody do everything. */
    AccessControl OPEN = (identity, clientId) -> Permissions.ALL;

    /**
     * The permissions of somebody under a Client Identifier. They follow the rules as these change, so they are asked for
     * once and kept as long as the connection or the will is.
     */
    Permissions permissions(Identity identity, ClientId clientId);
}
