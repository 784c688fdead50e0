// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.Map;

/**
 * A request that came whole.
 *
 * @param headers by name in lower case
 * @param body read as ISO 8859-1, so that each byte is a character
 */
record HttpRequest(String method, String path, Map<String, String> headers, String body) {
    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
