// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A file of users: a line for each, {@code user:proof} or {@code user:proof:role,role}; lines that are empty or begin with
 * {@code #} say nothing.
 */
final class UserLines {
    private static final int MOST_CHARACTERS = 8_192;
    private static final int MOST_ROLES = 64;

    private UserLines() {}

    /** Lines with hashes of passwords. */
    static Map<String, User<PasswordHash>> passwords(String file, byte[] bytes) throws InvalidFileException {
        return read(file, bytes, 1, PasswordHash::parse);
    }

    /**
     * Reads all lines.
     *
     * @param size how many parts a proof has, with a colon between two
     */
    static <P> Map<String, User<P>> read(String file, byte[] bytes, int size, Function<String, P> proof)
            throws InvalidFileException {
        Map<String, User<P>> users = new LinkedHashMap<>();
        int number = 0;
        for (String line : text(file, bytes).split("\n", -1)) {
            number++;
            if (saysNothing(line)) {
                continue;
            }
            try {
                User<P> user = user(line.strip(), size, proof);
                if (users.putIfAbsent(user.name(), user) != null) {
                    throw new IllegalArgumentException("the user '" + user.name() + "' is there twice");
                }
            } catch (IllegalArgumentException wrong) {
                throw InvalidFileException.at(file, number, String.valueOf(wrong.getMessage()));
            }
        }
        return Map.copyOf(users);
    }

    static boolean saysNothing(String line) {
        return line.isBlank() || line.stripLeading().startsWith("#");
    }

    /** The user that a line is about. */
    static String nameIn(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? "" : line.substring(0, colon).strip();
    }

    private static <P> User<P> user(String line, int size, Function<String, P> proof) {
        if (line.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the line must not have more than " + MOST_CHARACTERS + " characters");
        }
        String[] parts = line.split(":", -1);
        if (parts.length != size + 1 && parts.length != size + 2) {
            throw new IllegalArgumentException("must be user:hash or user:hash:role,role");
        }
        String name = nameIn(line);
        checkUser(name);
        Set<String> roles = parts.length == size + 1 ? Set.of() : roles(parts[size + 1]);
        return new User<>(name, proof.apply(String.join(":", Arrays.copyOfRange(parts, 1, size + 1))), roles);
    }

    /**
     * Refuses what cannot be a user in a file.
     *
     * @throws IllegalArgumentException with a clause about it
     */
    static void checkUser(String name) {
        if (!Names.isFit(name) || name.contains(":") || name.startsWith("#") || !name.equals(name.strip())) {
            throw new IllegalArgumentException("the user must have 1 to " + Names.CHARACTERS
                    + " characters that can be seen, no ':', no '#' in front, no blank at an end");
        }
    }

    private static Set<String> roles(String text) {
        Set<String> roles = new LinkedHashSet<>();
        for (String role : text.split(",", -1)) {
            checkRole(role.strip());
            roles.add(role.strip());
        }
        if (roles.size() > MOST_ROLES) {
            throw new IllegalArgumentException("must not have more than " + MOST_ROLES + " roles");
        }
        return roles;
    }

    /**
     * Refuses what cannot be a role in a file.
     *
     * @throws IllegalArgumentException with a clause about it
     */
    static void checkRole(String role) {
        if (!Names.isFit(role) || role.contains(":") || role.contains(",")) {
            throw new IllegalArgumentException("a role must have characters that can be seen, no ':' and no ','");
        }
    }

    static String text(String file, byte[] bytes) throws InvalidFileException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw InvalidFileException.of(file, "must be text in UTF-8");
        }
    }
}
