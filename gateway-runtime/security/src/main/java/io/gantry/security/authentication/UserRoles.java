// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.util.Optional;
import java.util.Set;

/** The roles that a file of users gives. */
public final class UserRoles {
    private UserRoles() {}

    /**
     * Those of one user.
     *
     * @return empty when he is not in the file
     * @throws InvalidFileException when it cannot be read, or a line of it is wrong
     */
    public static Optional<Set<String>> of(String user, String file) throws InvalidFileException {
        return Optional.ofNullable(
                        WatchedFile.open(file, UserLines::passwords).content().get(user))
                .map(User::roles);
    }
}
