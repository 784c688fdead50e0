// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.Secret;
import io.gantry.security.authentication.InvalidFileException;
import io.gantry.security.authentication.UserFileEdit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of an authenticator {@code password-file} or {@code scram}, to be changed by hand. One thread at a time. */
public final class PasswordFile {
    private static final int PASSWORD_BYTES = 4_096;
    private static final int BCRYPT_BYTES = 72;

    private final Path path;

    /** What is kept of a password. */
    public enum Kind {
        /** For {@code password-file}. */
        ARGON2ID,
        /** For {@code password-file}; passwords of at most 72 bytes. */
        BCRYPT,
        /** For {@code scram}; passwords in ASCII. */
        SCRAM
    }

    /** Whether somebody is in a file. */
    public enum Finding {
        /** With this password. */
        RIGHT,
        /** With another one. */
        WRONG,
        /** He is not. */
        ABSENT
    }

    /** The file need not be there. */
    public PasswordFile(Path path) {
        this.path = path;
    }

    /**
     * Adds a user, or gives him another password.
     *
     * @param roles null keeps those that he has
     * @throws PasswordFileException when a line of the file is wrong or of another kind, or the name, a role or the password
     *     is one that cannot be, or there is no directory for the file
     */
    public void set(String user, Secret password, @Nullable Set<String> roles, Kind kind)
            throws IOException, PasswordFileException {
        checkPassword(password.reveal(), kind);
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            throw new PasswordFileException(path + ": there is no directory " + directory);
        }
        try {
            UserFileEdit edit = UserFileEdit.of(path);
            Boolean isScram = edit.isScram();
            if (isScram != null && isScram != (kind == Kind.SCRAM)) {
                throw new PasswordFileException(path + ": is a file for " + (isScram ? "scram" : "password-file")
                        + ", and cannot have users of both");
            }
            if (kind == Kind.SCRAM) {
                edit.setScram(user, password.reveal(), roles);
            } else {
                edit.setHash(user, bytes(password), kind == Kind.BCRYPT, roles);
            }
            edit.write();
        } catch (InvalidFileException | IllegalArgumentException wrong) {
            throw new PasswordFileException(String.valueOf(wrong.getMessage()));
        }
    }

    /**
     * Takes a user out.
     *
     * @return whether he was there
     * @throws PasswordFileException when there is no such file
     */
    public boolean remove(String user) throws IOException, PasswordFileException {
        checkThere();
        try {
            UserFileEdit edit = UserFileEdit.of(path);
            boolean wasThere = edit.remove(user);
            if (wasThere) {
                edit.write();
            }
            return wasThere;
        } catch (InvalidFileException wrong) {
            throw new PasswordFileException(String.valueOf(wrong.getMessage()));
        }
    }

    /**
     * Whether a user would be let in with a password.
     *
     * @throws PasswordFileException when there is no such file, or a line of it is wrong
     */
    public Finding check(String user, Secret password) throws IOException, PasswordFileException {
        checkThere();
        try {
            Boolean isRight = UserFileEdit.of(path).check(user, bytes(password));
            return isRight == null ? Finding.ABSENT : isRight ? Finding.RIGHT : Finding.WRONG;
        } catch (InvalidFileException wrong) {
            throw new PasswordFileException(String.valueOf(wrong.getMessage()));
        }
    }

    private void checkThere() throws PasswordFileException {
        if (!Files.exists(path)) {
            throw new PasswordFileException(path + ": there is no such file");
        }
    }

    private static void checkPassword(String password, Kind kind) throws PasswordFileException {
        int most = kind == Kind.BCRYPT ? BCRYPT_BYTES : PASSWORD_BYTES;
        int size = password.getBytes(StandardCharsets.UTF_8).length;
        if (size == 0 || size > most) {
            throw new PasswordFileException("the password must have 1 to " + most + " bytes, has " + size);
        }
        if (kind == Kind.SCRAM && password.chars().anyMatch(each -> each < 0x20 || each > 0x7E)) {
            throw new PasswordFileException("the password must be visible ASCII characters, for scram");
        }
    }

    private static byte[] bytes(Secret password) {
        return password.reveal().getBytes(StandardCharsets.UTF_8);
    }
}
