// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

/**
 * Who calls.
 *
 * @param name of the token, {@link #LOCAL} where none is asked for, {@link #UNKNOWN} for who has none
 * @param role as it is written: that of the token; empty for who has none
 * @param from the address in digits
 */
record Caller(String name, String role, String from) {
    static final String LOCAL = "local";
    static final String UNKNOWN = "unknown";

    static Caller unknown(String from) {
        return new Caller(UNKNOWN, "", from);
    }

    boolean mayChange() {
        return role.equals(Names.of(Role.OPERATOR));
    }
}
