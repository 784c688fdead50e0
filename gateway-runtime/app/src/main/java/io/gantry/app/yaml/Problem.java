// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

/**
 * One thing that is wrong in a file.
 *
 * @param message what was found and what was expected; on one line, without secrets
 */
public record Problem(Place place, String message) {

    /** As an editor or a terminal turns into a link: {@code gantry.yaml:7:12: unknown key 'x'}. */
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
