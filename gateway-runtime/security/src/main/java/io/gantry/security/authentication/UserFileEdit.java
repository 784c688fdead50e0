// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes one line of a file of users and leaves all others, comments too, as they are. The file is replaced as a whole, and
 * only its owner may read the new one.
 */
public final class UserFileEdit {
    private final Path file;
    private final List<String> lines;

    private UserFileEdit(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Reads a file; one that is not there is empty. */
    public static UserFileEdit of(Path file) throws IOException, InvalidFileException {
        if (!Files.exists(file)) {
            return new UserFileEdit(file, new ArrayList<>());
        }
        String text = UserLines.text(file.toString(), Files.readAllBytes(file));
        List<String> lines = new ArrayList<>(List.of(text.split("\r?\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return new UserFileEdit(file.toRealPath(), lines);
    }

    /** Whether the file is one of SCRAM; null when it has no user. */
    public @Nullable Boolean isScram() {
        return lines.stream()
                .filter(line -> !UserLines.saysNothing(line))
                .findFirst()
                .map(line -> line.contains(":" + ScramKeys.NAME + "$"))
                .orElse(null);
    }

    /**
     * Adds a user, or gives him another password.
     *
     * @param roles those of a new user; null keeps the roles that one has
     */
    public void setHash(String user, byte[] password, boolean bcrypt, @Nullable Set<String> roles)
            throws InvalidFileException {
        check(user, roles);
        String hash = bcrypt
                ? BcryptHash.of(password).text()
                : Argon2Hash.of(password).text();
        set(user, hash, roles, users(1, PasswordHash::parse));
    }

    /** As {@link #setHash}, for SCRAM. */
    public void setScram(String user, String password, @Nullable Set<String> roles) throws InvalidFileException {
        check(user, roles);
        set(user, ScramKeys.of(password).text(), roles, users(3, ScramKeys::parse));
    }

    private static void check(String user, @Nullable Set<String> roles) {
        UserLines.checkUser(user);
        if (roles != null) {
            roles.forEach(UserLines::checkRole);
        }
    }

    private <P> void set(String name, String proof, @Nullable Set<String> roles, Map<String, User<P>> users) {
        User<P> before = users.get(name);
        Set<String> kept = before == null ? Set.of() : before.roles();
        String line = new User<>(name, proof, roles == null ? kept : roles).line(proof);
        int place = place(name);
        if (place < 0) {
            lines.add(line);
        } else {
            lines.set(place, line);
        }
    }

    /** Whether the user was there. */
    public boolean remove(String name) {
        return lines.removeIf(
                line -> !UserLines.saysNothing(line) && UserLines.nameIn(line).equals(name));
    }

    /** Whether a user is there under this password; null when he is not there. */
    public @Nullable Boolean check(String name, byte[] password) throws InvalidFileException {
        if (Boolean.TRUE.equals(isScram())) {
            User<ScramKeys> user = users(3, ScramKeys::parse).get(name);
            return user == null ? null : (Boolean) user.proof().matches(new String(password, StandardCharsets.UTF_8));
        }
        User<PasswordHash> user = users(1, PasswordHash::parse).get(name);
        return user == null ? null : (Boolean) user.proof().matches(password);
    }

    private <P> Map<String, User<P>> users(int size, Function<String, P> proof) throws InvalidFileException {
        return UserLines.read(file.toString(), text().getBytes(StandardCharsets.UTF_8), size, proof);
    }

    private int place(String name) {
        for (int i = 0; i < lines.size(); i++) {
            if (!UserLines.saysNothing(lines.get(i))
                    && UserLines.nameIn(lines.get(i)).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** Puts the new file in the place of the old: whoever reads finds the one or the other. */
    public void write() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(directory, ".gantry-passwd-", ".tmp");
        try {
            Files.writeString(fresh, text());
            try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
