// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.time.Duration;

/**
 * What a caller may take of the admin port.
 *
 * @param firstLine characters of a request's first line
 * @param headers bytes of all its headers
 * @param body bytes of its body
 * @param connections at a time
 * @param connectionsPerAddress of them, from one address, or one network of 64 bits of IPv6
 * @param patience how long a connection may take for a whole request, and for taking the answer
 */
record AdminLimits(
        int firstLine, int headers, int body, int connections, int connectionsPerAddress, Duration patience) {
    static final AdminLimits DEFAULT = new AdminLimits(2 * 1024, 6 * 1024, 64 * 1024, 100, 20, Duration.ofSeconds(30));
}
