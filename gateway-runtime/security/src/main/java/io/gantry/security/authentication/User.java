// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.util.Set;
import java.util.TreeSet;

/**
 * One line of a file of users.
 *
 * @param proof what is kept of his password
 */
record User<P>(String name, P proof, Set<String> roles) {
    User {
        roles = Set.copyOf(roles);
    }

    /** As it stands in a file. */
    String line(String proofText) {
        return name + ":" + proofText + (roles.isEmpty() ? "" : ":" + String.join(",", new TreeSet<>(roles)));
    }
}
