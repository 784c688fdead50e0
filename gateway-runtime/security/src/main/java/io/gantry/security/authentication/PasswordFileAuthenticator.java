// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.security.PasswordFileSettings;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * User names and passwords from a file. Who is not in it is unknown; where nobody else is asked after, that takes as long
 * to say as that a password is wrong, so that the time does not tell who is in the file.
 */
public final class PasswordFileAuthenticator implements Authenticator {
    private static final Verdict UNKNOWN = new Verdict.Unknown();
    private static final Verdict WRONG =
            new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "the password is wrong");
    private static final Verdict BUSY =
            new Verdict.Refused(ReasonCode.SERVER_BUSY, "too many passwords are being checked at the same time");

    private final WatchedFile<Map<String, User<PasswordHash>>> file;
    private final Set<String> roles;
    private final boolean lastWord;
    private final Workers workers;

    private PasswordFileAuthenticator(
            WatchedFile<Map<String, User<PasswordHash>>> file, Set<String> roles, boolean lastWord, Workers workers) {
        this.file = file;
        this.roles = roles;
        this.lastWord = lastWord;
        this.workers = workers;
    }

    /**
     * Reads the file.
     *
     * @param lastWord whether nobody who looks at passwords is asked after this one
     * @throws InvalidFileException when it cannot be read, or a line of it is wrong
     */
    public static PasswordFileAuthenticator open(PasswordFileSettings settings, boolean lastWord, Workers workers)
            throws InvalidFileException {
        WatchedFile<Map<String, User<PasswordHash>>> file = WatchedFile.open(settings.file(), UserLines::passwords);
        workers.watchUsers(file);
        return new PasswordFileAuthenticator(file, Set.copyOf(settings.role()), lastWord, workers);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
        String name = credentials.username();
        if (name == null) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        Map<String, User<PasswordHash>> users = file.content();
        User<PasswordHash> user = users.get(name);
        if (credentials.password() == null) {
            return CompletableFuture.completedFuture(user == null ? UNKNOWN : WRONG);
        }
        byte[] password = credentials.password().sharedBytes();
        if (user != null) {
            return workers.run(
                    () -> user.proof().matches(password) && isUnchanged(user) ? accepted(user) : WRONG, BUSY);
        }
        return users.isEmpty() || !lastWord
                ? CompletableFuture.completedFuture(UNKNOWN)
                : workers.run(() -> unknownAfter(standIn(users, name).proof().matches(password)), BUSY);
    }

    /** Another one for each unknown name, as some hashes take longer than others. */
    static User<PasswordHash> standIn(Map<String, User<PasswordHash>> users, String unknown) {
        long place = Math.floorMod(unknown.hashCode(), users.size());
        return users.values().stream().skip(place).findFirst().orElseThrow();
    }

    /** Whatever has been compared: it was somebody else's. */
    private static Verdict unknownAfter(boolean ignored) {
        return UNKNOWN;
    }

    /** Whether he is in the file still, so that nobody is let in after those who changed have been sent away. */
    private boolean isUnchanged(User<PasswordHash> user) {
        return user.equals(file.content().get(user.name()));
    }

    private Verdict accepted(User<PasswordHash> user) {
        Set<String> all = new HashSet<>(roles);
        all.addAll(user.roles());
        return new Verdict.Accepted(new Identity(user.name(), all, Map.of(), Identity.WITHOUT_END));
    }
}
