// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.Payload;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.security.ScramSettings;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Authentication Method {@code SCRAM-SHA-256} [RFC 5802, RFC 7677], without channel binding. Who is not in the file is
 * led through the whole exchange, with a salt that is always the same for him, and refused at its end like a wrong password.
 */
public final class ScramMethod implements AuthenticationMethod {
    /** As devices name it. */
    public static final String NAME = ScramKeys.NAME;

    private final WatchedFile<Map<String, User<ScramKeys>>> file;
    private final Set<String> roles;
    private final Supplier<String> nonces;
    private final byte[] secret;

    private ScramMethod(WatchedFile<Map<String, User<ScramKeys>>> file, Set<String> roles, Supplier<String> nonces) {
        this.file = file;
        this.roles = roles;
        this.nonces = nonces;
        this.secret = secretOf(file.content());
    }

    /** The same after a restart: who is not in the file would be known by getting another salt than before. */
    private static byte[] secretOf(Map<String, User<ScramKeys>> users) {
        StringBuilder all = new StringBuilder(users.isEmpty() ? nonce() : "");
        new TreeMap<>(users)
                .values()
                .forEach(user -> all.append(user.line(user.proof().text())).append('\n'));
        return ScramKeys.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the file.
     *
     * @throws InvalidFileException when it cannot be read, or a line of it is wrong
     */
    public static ScramMethod open(ScramSettings settings, Workers workers) throws InvalidFileException {
        return open(settings, workers, ScramMethod::nonce);
    }

    /** @param nonces draws the gateway's part of a nonce */
    static ScramMethod open(ScramSettings settings, Workers workers, Supplier<String> nonces)
            throws InvalidFileException {
        WatchedFile<Map<String, User<ScramKeys>>> file = WatchedFile.open(settings.file(), ScramMethod::users);
        workers.watchUsers(file);
        return new ScramMethod(file, Set.copyOf(settings.role()), nonces);
    }

    /** Lines with keys of SCRAM. */
    static Map<String, User<ScramKeys>> users(String name, byte[] bytes) throws InvalidFileException {
        return UserLines.read(name, bytes, 3, ScramKeys::parse);
    }

    private static String nonce() {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    @Override
    public Exchange begin(Credentials claim) {
        return new ScramExchange(this, claim);
    }

    String drawNonce() {
        return nonces.get();
    }

    @Nullable User<ScramKeys> user(String name) {
        return file.content().get(name);
    }

    /** Keys of nobody: no password fits, and the same name always gets the same salt. */
    ScramKeys imitation(String name) {
        byte[] drawn = ScramKeys.hmac(secret, name.getBytes(StandardCharsets.UTF_8));
        int iterations = file.content().values().stream()
                .min(Comparator.comparing(User::name))
                .map(user -> user.proof().iterations())
                .orElse(ScramKeys.ITERATIONS);
        return new ScramKeys(
                iterations,
                Payload.owning(Arrays.copyOf(drawn, 16)),
                Payload.owning(ScramKeys.hmac(secret, drawn)),
                Payload.owning(drawn));
    }

    Identity identity(User<ScramKeys> user, Credentials claim) {
        Set<String> all = new HashSet<>(roles);
        all.addAll(user.roles());
        return CertificateName.added(new Identity(user.name(), all, Map.of(), Identity.WITHOUT_END), claim);
    }
}
