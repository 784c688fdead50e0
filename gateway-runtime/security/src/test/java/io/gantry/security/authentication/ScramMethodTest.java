// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod.Exchange;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.security.ScramSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchange in RFC 7677 §3: user "user", password "pencil". */
@DisplayName("SCRAM-SHA-256")
class ScramMethodTest {
    private static final String FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String CHALLENGE =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String FINAL = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String PROOF = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static final ScramKeys KEYS =
            ScramKeys.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4_096);

    private final Workers workers = Workers.start();

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("scram.txt");
        Files.writeString(file, "# who\nuser:" + KEYS.text() + ":device\na,b=c:" + KEYS.text() + "\n");
    }

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    @DisplayName("goes as in RFC 7677")
    void vector() throws InvalidFileException {
        Exchange exchange = open().begin(Shown.NOTHING);

        assertThat(next(exchange, FIRST)).isEqualTo(new Outcome.Continue(Payload.ofText(CHALLENGE)));
        assertThat(next(exchange, FINAL)).isInstanceOfSatisfying(Outcome.Success.class, success -> {
            assertThat(success.data()).isEqualTo(Payload.ofText(PROOF));
            assertThat(success.identity().username()).isEqualTo("user");
            assertThat(success.identity().roles()).containsExactlyInAnyOrder("device", "everybody");
        });
    }

    @Test
    @DisplayName("keeps what PostgreSQL keeps, and reads it back")
    void form() {
        assertThat(ScramKeys.parse(KEYS.text())).isEqualTo(KEYS);
        assertThat(KEYS.text())
                .startsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$")
                .doesNotContain("pencil");
        assertThat(KEYS.matches("pencil")).isTrue();
        assertThat(KEYS.matches("Pencil")).isFalse();
    }

    @ParameterizedTest
    @DisplayName("refuses channel binding, unknown extensions, another's name, and what is no first message")
    @ValueSource(
            strings = {
                "p=tls-unique,,n=user,r=abc",
                "n,,m=ext,n=user,r=abc",
                "n,a=admin,n=user,r=abc",
                "n,,n=,r=abc",
                "n,,n=user,r=",
                "n,,n=us=er,r=abc",
                "n,,n=us\u0000er,r=abc",
                "n,,n=user,r=a b",
                "n,,r=abc,n=user",
                "",
                "garbage"
            })
    void badFirst(String first) throws InvalidFileException {
        assertRefused(next(open().begin(Shown.NOTHING), first));
    }

    @ParameterizedTest
    @DisplayName("refuses a final message with another nonce, header or proof")
    @ValueSource(
            strings = {
                "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
                "",
            })
    void badFinal(String last) throws InvalidFileException {
        Exchange exchange = open().begin(Shown.NOTHING);
        next(exchange, FIRST);

        assertRefused(next(exchange, last));
    }

    @Test
    @DisplayName("takes a device that could bind the channel, and a name with comma and equals sign")
    void variants() throws InvalidFileException {
        for (String[] each : new String[][] {{"y,,", "user"}, {"n,a=user,", "user"}, {"n,,", "a=2Cb=3Dc"}}) {
            Exchange exchange = open().begin(Shown.NOTHING);
            String bare = "n=" + each[1] + ",r=abc";

            String challenge = challenge(next(exchange, each[0] + bare));

            assertThat(next(exchange, answer(each[0], bare, challenge))).isInstanceOf(Outcome.Success.class);
        }
    }

    @Test
    @DisplayName(
            "leads an unknown user to the end, with the same salt each time, after a restart too, and refuses him like a wrong password")
    void unknownUser() throws InvalidFileException {
        ScramMethod method = open();
        Exchange exchange = method.begin(Shown.NOTHING);
        String bare = "n=nobody,r=abc";

        Outcome challenge = next(exchange, "n,," + bare);

        assertThat(challenge).isEqualTo(next(method.begin(Shown.NOTHING), "n,," + bare));
        assertThat(challenge).as("after a restart").isEqualTo(next(open().begin(Shown.NOTHING), "n,," + bare));
        assertThat(challenge)
                .isNotEqualTo(next(method.begin(Shown.NOTHING), "n,,n=somebody,r=abc"))
                .isInstanceOfSatisfying(Outcome.Continue.class, next -> assertThat(challenge(next))
                        .startsWith("r=abc" + NONCE + ",s=")
                        .endsWith("==,i=4096"));
        Outcome end = next(exchange, answer("n,,", bare, challenge(challenge)));
        Exchange wrong = method.begin(Shown.NOTHING);
        next(wrong, FIRST);
        assertThat(end).isEqualTo(next(wrong, FINAL.replace("p=d", "p=e")));
    }

    @Test
    @DisplayName("draws another nonce each time")
    void nonces() throws InvalidFileException {
        ScramMethod method = ScramMethod.open(new ScramSettings(file.toString(), List.of()), workers);

        assertThat(next(method.begin(Shown.NOTHING), FIRST)).isNotEqualTo(next(method.begin(Shown.NOTHING), FIRST));
    }

    @Test
    @DisplayName("refuses data that is missing or too long")
    void noData() throws InvalidFileException {
        assertRefused(
                open().begin(Shown.NOTHING).next(null).toCompletableFuture().join());
        assertRefused(next(open().begin(Shown.NOTHING), FIRST + ",x=" + "y".repeat(5_000)));
    }

    @Test
    @DisplayName("[B23] refuses a file with few iterations, a short key, or hashes of another kind")
    void badFile() throws IOException {
        for (String[] bad : new String[][] {
            {KEYS.text().replace("$4096:", "$100:"), "the iterations must be 4096 to 1000000, was 100"},
            {KEYS.text().replace("W22ZaJ0SNY7soEsUEjb6gQ==", "W22Z"), "the salt must have at least 8 bytes"},
            {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "must be user:hash"},
        }) {
            Files.writeString(file, "user:" + bad[0] + "\n");

            assertThatThrownBy(this::open).hasMessageStartingWith(file + ":1: ").hasMessageContaining(bad[1]);
        }
    }

    private ScramMethod open() throws InvalidFileException {
        return ScramMethod.open(new ScramSettings(file.toString(), List.of("everybody")), workers, () -> NONCE);
    }

    private static Outcome next(Exchange exchange, String message) {
        return exchange.next(Payload.ofText(message)).toCompletableFuture().join();
    }

    private static String challenge(Outcome outcome) {
        return outcome instanceof Outcome.Continue next && next.data() != null
                ? next.data().asText()
                : "no challenge: " + outcome;
    }

    private static void assertRefused(@Nullable Outcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failure.class, failure -> assertThat(failure.reasonCode())
                .isEqualTo(ReasonCode.NOT_AUTHORIZED));
    }

    /** What a device that knows the password "pencil" answers. */
    private static String answer(String header, String bare, String challenge) {
        String[] parts = challenge.split(",");
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        String last =
                "c=" + Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "," + parts[0];
        return last + ",p="
                + Base64.getEncoder().encodeToString(proof(salt, iterations, bare + "," + challenge + "," + last));
    }

    private static byte[] proof(byte[] salt, int iterations, String signed) {
        try {
            byte[] salted = javax.crypto.SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new javax.crypto.spec.PBEKeySpec("pencil".toCharArray(), salt, iterations, 256))
                    .getEncoded();
            byte[] clientKey = ScramKeys.hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
            byte[] signature = ScramKeys.hmac(ScramKeys.sha256(clientKey), signed.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < clientKey.length; i++) {
                clientKey[i] ^= signature[i];
            }
            return clientKey;
        } catch (java.security.GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }
}
