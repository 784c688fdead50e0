// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.security.PasswordFileSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The password file")
class PasswordFileAuthenticatorTest {
    /** Of "password", by the reference program of Argon2. */
    private static final String ARGON2 =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    /** Of "U*U", by crypt_blowfish. */
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private final Workers workers = Workers.start(1, 1);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("users.txt");
        Files.writeString(file, "# who\n\nanna:" + ARGON2 + ":device,viewer\r\nbert:" + BCRYPT + "\n");
    }

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    @DisplayName("accepts the right password, by Argon2id and by bcrypt, with the roles of the line and those for all")
    void accepts() throws InvalidFileException {
        Authenticator users = open(true);

        assertThat(Shown.accepted(users, Shown.credentials("anna", "password")).roles())
                .containsExactlyInAnyOrder("device", "viewer", "everybody");
        assertThat(Shown.accepted(users, Shown.credentials("bert", "U*U")).username())
                .isEqualTo("bert");
    }

    @Test
    @DisplayName("refuses a wrong password and none, and does not know who is not in it")
    void refuses() throws InvalidFileException {
        Authenticator users = open(true);

        for (Credentials wrong : List.of(
                Shown.credentials("anna", "Password"),
                Shown.credentials("anna", ""),
                Shown.credentials("anna", null),
                Shown.credentials("bert", "password"))) {
            assertThat(Shown.refused(users, wrong)).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
        for (Credentials unknown :
                List.of(Shown.credentials("carl", "password"), Shown.credentials("carl", null), Shown.NOTHING)) {
            assertThat(Shown.verdict(users, unknown)).isInstanceOf(Verdict.Unknown.class);
        }
    }

    @Test
    @DisplayName("[B19] hashes for an unknown user too when nobody is asked after it, and otherwise does not")
    void unknownCostsAsMuch() throws InvalidFileException {
        CountDownLatch release = holdTheWorker();
        try {
            Credentials unknown = Shown.credentials("carl", "password");

            assertThat(open(false).authenticate(unknown).toCompletableFuture()).isDone();
            assertThat(open(true).authenticate(unknown).toCompletableFuture()).isNotDone();
        } finally {
            release.countDown();
        }
    }

    @Test
    @DisplayName(
            "[B19] hashes for unknown users as it does for some known one, not for all as for the same: hashes differ")
    void standIns() throws Exception {
        Map<String, User<PasswordHash>> users = UserLines.passwords("users.txt", Files.readAllBytes(file));

        assertThat(IntStream.range(0, 20).mapToObj(i -> PasswordFileAuthenticator.standIn(users, "unknown" + i)
                        .name()))
                .contains("anna", "bert");
        assertThat(PasswordFileAuthenticator.standIn(users, "x"))
                .isSameAs(PasswordFileAuthenticator.standIn(users, "x"));
    }

    @Test
    @DisplayName("[B20] says busy at once when as many passwords wait as may")
    void busy() throws InvalidFileException {
        CountDownLatch release = holdTheWorker();
        try {
            Authenticator users = open(true);
            List<CompletionStage<Verdict>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(users.authenticate(Shown.credentials("anna", "password")));
            }

            assertThat(answers.get(2).toCompletableFuture())
                    .isCompletedWithValueMatching(verdict ->
                            verdict instanceof Verdict.Refused refused && refused.code() == ReasonCode.SERVER_BUSY);
        } finally {
            release.countDown();
        }
    }

    @Test
    @DisplayName("is read again when it changes; [B23] one that is wrong or gone leaves the old one in force")
    void changes() throws Exception {
        Authenticator users = open(true);
        Files.writeString(file, "carl:" + ARGON2 + "\n");
        awaitAccepted(users, "carl");

        Files.writeString(file, "dora:" + ARGON2 + "\nemil:not-a-hash\n");
        Files.writeString(directory.resolve("new"), "carl:" + ARGON2 + "\nfred:" + ARGON2 + "\n");
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofMinutes(2))
                .until(() -> knows(users, "carl") && !knows(users, "dora"));
        Files.delete(file);
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofMinutes(2)).until(() -> knows(users, "carl"));

        Files.move(directory.resolve("new"), file);
        awaitAccepted(users, "fred");
    }

    @Test
    @DisplayName("says who has gone or changed when it is read again, and lets in no more who was just being checked")
    void tellsOfChanges() throws Exception {
        List<Set<String>> told = new CopyOnWriteArrayList<>();
        workers.onChangedUsers(told::add);
        CountDownLatch release = holdTheWorker();
        CompletionStage<Verdict> onTheWay = open(true).authenticate(Shown.credentials("bert", "U*U"));

        Files.writeString(file, "carl:" + ARGON2 + "\nanna:" + ARGON2 + ":device,viewer\n");
        await().atMost(Duration.ofMinutes(2)).until(() -> told.equals(List.of(Set.of("bert"))));
        release.countDown();

        assertThat(onTheWay.toCompletableFuture().get(2, TimeUnit.MINUTES)).isInstanceOf(Verdict.Refused.class);
        Files.writeString(file, "anna:" + ARGON2 + ":device\ncarl:" + BCRYPT + "\n");
        await().atMost(Duration.ofMinutes(2)).until(() -> told.equals(List.of(Set.of("bert"), Set.of("anna", "carl"))));
    }

    @Test
    @DisplayName("[B21] that is missing, or no text, is refused with its name")
    void unreadable() throws IOException {
        Files.write(file, new byte[] {'a', ':', (byte) 0xC3});
        assertThatThrownBy(() -> open(true)).hasMessage(file + ": must be text in UTF-8");

        Files.delete(file);
        assertThatThrownBy(() -> open(true)).hasMessage(file + ": must be a file that can be read");
    }

    @ParameterizedTest
    @DisplayName("[B23] with a wrong line is refused, with the line's number and without the hash")
    @CsvSource(delimiter = '|', textBlock = """
            anna                                                             | must be user:hash or user:hash:role,role
            anna:secret                                                      | must be a hash that begins with
            anna:$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHQ           | must be a hash that begins with
            anna:$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHQ               | must have the form
            anna:$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHQ      | m must be 8 to 131072, was 9999999
            anna:$argon2id$v=19$m=256,t=99,p=1$c29tZXNhbHQ$c29tZXNhbHQ         | t must be 1 to 10, was 99
            anna:$argon2id$v=19$m=256,t=2,p=99$c29tZXNhbHQ$c29tZXNhbHQ         | p must be 1 to 16, was 99
            anna:$argon2id$v=19$m=256,t=2,p=1$c29t$c29tZXNhbHQ                | salt must have 8 to 64 bytes, has 3
            anna:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHQ          | hash must have 16 to 64 bytes, has 8
            anna:$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW | cost must be 4 to 14, was 31
            anna:$2b$12$short                                                | must have the form $2b$cost$
            :$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW     | the user must have 1 to 1024
            anna:$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW:a,,b | a role must have
            """)
    void wrongLine(String line, String clause) throws IOException {
        Files.writeString(file, "# first\nbert:" + BCRYPT + "\n" + line + "\n");

        assertThatThrownBy(() -> open(true))
                .hasMessageStartingWith(file + ":3: ")
                .hasMessageContaining(clause)
                .hasMessageNotContainingAny("secret", "c29t", "CCCC");
    }

    @Test
    @DisplayName("with a user twice is refused")
    void twice() throws IOException {
        Files.writeString(file, "bert:" + BCRYPT + "\nbert:" + BCRYPT + "\n");

        assertThatThrownBy(() -> open(true)).hasMessage(file + ":2: the user 'bert' is there twice");
    }

    private Authenticator open(boolean lastWord) throws InvalidFileException {
        return PasswordFileAuthenticator.open(
                new PasswordFileSettings(file.toString(), List.of("everybody")), lastWord, workers);
    }

    /** Keeps the only thread at work until it is let go. */
    private CountDownLatch holdTheWorker() {
        CountDownLatch release = new CountDownLatch(1);
        workers.run(
                () -> {
                    try {
                        return release.await(2, TimeUnit.MINUTES);
                    } catch (InterruptedException closed) {
                        return false;
                    }
                },
                false);
        return release;
    }

    private static boolean knows(Authenticator users, String name) {
        return Shown.verdict(users, Shown.credentials(name, "password")) instanceof Verdict.Accepted;
    }

    private static void awaitAccepted(Authenticator users, String name) {
        await().atMost(Duration.ofMinutes(2)).until(() -> knows(users, name));
    }
}
