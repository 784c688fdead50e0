// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

/**
 * One row of the table, but for the harm.
 *
 * @param connector its name in the settings
 */
record Way(String connector, Direction direction) {
    @Override
    public String toString() {
        return "connector=" + connector + " direction=" + direction;
    }
}
