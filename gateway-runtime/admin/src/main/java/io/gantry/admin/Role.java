// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

/** What somebody may do on the admin port. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Look, and change. */
    OPERATOR
}
