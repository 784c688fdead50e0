// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.keys.PbkdfKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Payloads of a route that decrypts or encrypts")
class PayloadCryptoTest {
    private static final String TEXT = "{\"degrees\": 21.5}";
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final List<JweAlgorithm> ALL = List.of(JweAlgorithm.values());
    private static final List<JweEncryption> USUAL = List.of(JweEncryption.A256GCM);

    private static KeyPair rsa;
    private static KeyPair ec;

    private final PayloadCrypto crypto = new PayloadCrypto();

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = OtherSide.rsa(2_048);
        ec = OtherSide.ec("secp256r1");
    }

    @AfterEach
    void close() {
        crypto.close();
    }

    /** What a device encrypts with, and what opens it; the same for a secret. */
    private record Pair(Key encrypting, Key decrypting, String publicText, String privateText) {}

    private static Pair pair(JweAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_OAEP_256 ->
                new Pair(
                        rsa.getPublic(),
                        rsa.getPrivate(),
                        OtherSide.pem(rsa.getPublic()),
                        OtherSide.pem(rsa.getPrivate()));
            case ECDH_ES, ECDH_ES_A256KW ->
                new Pair(
                        ec.getPublic(), ec.getPrivate(), OtherSide.pem(ec.getPublic()), OtherSide.pem(ec.getPrivate()));
            case A256GCMKW, DIR -> {
                Key secret = new SecretKeySpec(SECRET, "AES");
                yield new Pair(secret, secret, OtherSide.oct(SECRET, ""), OtherSide.oct(SECRET, ""));
            }
        };
    }

    private MessageStep decrypting(String... texts) throws Exception {
        return decrypting(ALL, texts);
    }

    private MessageStep decrypting(List<JweAlgorithm> algorithms, String... texts) throws Exception {
        List<String> files = new ArrayList<>();
        for (String text : texts) {
            files.add(OtherSide.file(directory, "key" + files.size(), text));
        }
        return crypto.steps(new DecryptSettings(files, algorithms, USUAL), null).get(0);
    }

    private MessageStep encrypting(JweAlgorithm algorithm, String text, @Nullable String kid) throws Exception {
        String file = OtherSide.file(directory, "recipient", text);
        return crypto.steps(null, new EncryptSettings(file, algorithm, JweEncryption.A256GCM, kid))
                .get(0);
    }

    private static Message message(String payload, @Nullable String contentType) {
        return Messages.published(
                "t/1",
                payload,
                new MessageProperties(
                        PayloadFormat.TEXT, 60L, contentType, null, null, List.of(new UserProperty("a", "b"))));
    }

    private static String refusal(MessageStep step, String payload) {
        try {
            return "accepted: " + step.apply(message(payload, null)).payload().asText();
        } catch (RejectedMessageException rejected) {
            Delivery.Rejected outcome = rejected.asDelivery();
            assertThat(outcome.code()).isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID);
            return outcome.reason();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("are opened, whichever way the device agreed on the key")
    void decrypts(JweAlgorithm algorithm) throws Exception {
        Pair keys = pair(algorithm);
        MessageStep step = decrypting(keys.privateText());
        String jwe = OtherSide.encrypt(TEXT, keys.encrypting(), algorithm.toString(), "A256GCM", Map.of("cty", "json"));
        Message came = message(jwe, "application/jose");

        Message goes = step.apply(came);

        assertThat(goes.payload().asText()).isEqualTo(TEXT);
        assertThat(goes.properties().contentType()).isEqualTo("application/json");
        assertThat(goes.properties().payloadFormat()).isNull();
        assertThat(goes.properties().userProperties())
                .isEqualTo(came.properties().userProperties());
        assertThat(goes.properties().expirySeconds()).isEqualTo(60);
        assertThat(goes.id()).isEqualTo(came.id());
        assertThat(came.payload().asText()).isEqualTo(jwe);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("are encrypted so that the recipient can open them, and nobody reads them on the way")
    void encrypts(JweAlgorithm algorithm) throws Exception {
        Pair keys = pair(algorithm);
        MessageStep step = encrypting(algorithm, keys.publicText(), "erp-1");

        Message first = step.apply(message(TEXT, "text/csv"));
        Message second = step.apply(message(TEXT, "text/csv"));

        JsonWebEncryption jwe = OtherSide.opened(first.payload().asText(), keys.decrypting());
        assertThat(jwe.getPlaintextString()).isEqualTo(TEXT);
        assertThat(jwe.getAlgorithmHeaderValue()).isEqualTo(algorithm.toString());
        assertThat(jwe.getEncryptionMethodHeaderParameter()).isEqualTo("A256GCM");
        assertThat(jwe.getKeyIdHeaderValue()).isEqualTo("erp-1");
        assertThat(jwe.getContentTypeHeaderValue()).isEqualTo("text/csv");
        assertThat(first.properties().contentType()).isEqualTo("application/jose");
        assertThat(first.payload()).isNotEqualTo(second.payload());
    }

    @Test
    @DisplayName(
            "come back as they were from a route that encrypts and one that decrypts, whatever their bytes and size")
    void bothWays() throws Exception {
        MessageStep in = encrypting(JweAlgorithm.ECDH_ES, OtherSide.pem(ec.getPublic()), null);
        MessageStep out = decrypting(OtherSide.pem(ec.getPrivate()));

        for (int size : new int[] {0, 1, 256, 300_000}) {
            Message came = message("é".repeat(size), "text/plain");
            Message back = out.apply(in.apply(came));
            assertThat(back.payload()).isEqualTo(came.payload());
            assertThat(back.properties().contentType()).isEqualTo("text/plain");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "plain text",
                "a.b.c.d.e",
                "eyJhbGciOiJub25lIn0.e30.",
                "....",
                "e30....",
                "{\"protected\":\"e30\",\"ciphertext\":\"AA\"}",
                "\u0000\u0001\u00ff"
            })
    @DisplayName("that are no JWE are rejected for good")
    void noJwe(String payload) throws Exception {
        assertThat(refusal(decrypting(OtherSide.pem(ec.getPrivate())), payload))
                .isEqualTo("the payload is no JWE in compact serialization");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA-OAEP", "RSA1_5"})
    @DisplayName("[B12] whose algorithm is not accepted are rejected, though the key would open them")
    void noDowngrade(String algorithm) throws Exception {
        String jwe = OtherSide.encrypt(TEXT, rsa.getPublic(), algorithm, "A256GCM", Map.of());

        assertThat(refusal(decrypting(OtherSide.pem(rsa.getPrivate())), jwe))
                .isEqualTo("the payload is encrypted in a way that the route does not accept");
    }

    @Test
    @DisplayName(
            "[B12] with other content encryption, an algorithm the route leaves out, or a costly password are rejected")
    void onlyConfigured() throws Exception {
        MessageStep step = decrypting(List.of(JweAlgorithm.ECDH_ES), OtherSide.pem(ec.getPrivate()));
        String other = "the payload is encrypted in a way that the route does not accept";

        assertThat(refusal(step, OtherSide.encrypt(TEXT, ec.getPublic(), "ECDH-ES", "A128GCM", Map.of())))
                .isEqualTo(other);
        assertThat(refusal(step, OtherSide.encrypt(TEXT, ec.getPublic(), "ECDH-ES+A256KW", "A256GCM", Map.of())))
                .isEqualTo(other);
        assertThat(refusal(
                        step,
                        OtherSide.encrypt(
                                TEXT,
                                new PbkdfKey("secret words"),
                                "PBES2-HS256+A128KW",
                                "A256GCM",
                                Map.of("p2c", 1_000L))))
                .isEqualTo(other);
    }

    @Test
    @DisplayName("[C17] that were compressed are rejected before they are unpacked")
    void noBomb() throws Exception {
        String bomb =
                OtherSide.encrypt("0".repeat(5_000_000), ec.getPublic(), "ECDH-ES", "A256GCM", Map.of("zip", "DEF"));

        assertThat(refusal(decrypting(OtherSide.pem(ec.getPrivate())), bomb))
                .isEqualTo("the payload is compressed before it is encrypted, which the route does not accept");
    }

    @Test
    @DisplayName("for another key, or altered, are rejected with one and the same reason")
    void wrongKey() throws Exception {
        MessageStep step = decrypting(OtherSide.pem(rsa.getPrivate()));
        String forOther =
                OtherSide.encrypt(TEXT, OtherSide.rsa(2_048).getPublic(), "RSA-OAEP-256", "A256GCM", Map.of());
        String good = OtherSide.encrypt(TEXT, rsa.getPublic(), "RSA-OAEP-256", "A256GCM", Map.of());
        int tag = good.lastIndexOf('.') + 1;
        String altered = good.substring(0, tag) + (good.charAt(tag) == 'A' ? 'B' : 'A') + good.substring(tag + 1);

        assertThat(refusal(step, good)).isEqualTo("accepted: " + TEXT);
        assertThat(refusal(step, forOther)).isEqualTo("the payload cannot be decrypted");
        assertThat(refusal(step, altered)).isEqualTo("the payload cannot be decrypted");
    }

    @Test
    @DisplayName("that demand an extension nobody knows are rejected, and a key they bring along is not believed")
    void headers() throws Exception {
        MessageStep step = decrypting(OtherSide.pem(ec.getPrivate()));
        String critical = OtherSide.encrypt(
                TEXT, ec.getPublic(), "ECDH-ES", "A256GCM", Map.of("crit", List.of("exp"), "exp", 1L));
        KeyPair own = OtherSide.ec("secp256r1");
        String ownKey = OtherSide.encrypt(
                TEXT,
                own.getPublic(),
                "ECDH-ES",
                "A256GCM",
                Map.of("jku", "http://127.0.0.1:1/keys", "kid", "../../x"));
        String noType =
                OtherSide.encrypt(TEXT, ec.getPublic(), "ECDH-ES", "A256GCM", Map.of("cty", "text/plain\r\nX-Y: z"));

        assertThat(refusal(step, critical)).isEqualTo("the payload cannot be decrypted");
        assertThat(refusal(step, ownKey)).isEqualTo("the payload cannot be decrypted");
        assertThat(refusal(step, noType)).isEqualTo("the encrypted payload has a content type that is none");
    }

    @Test
    @DisplayName("that were altered anywhere never pass, and never break the route")
    void mutations() throws Exception {
        MessageStep step = decrypting(OtherSide.pem(ec.getPrivate()));
        String good = OtherSide.encrypt(TEXT, ec.getPublic(), "ECDH-ES", "A256GCM", Map.of());
        Random random = new Random(7);

        for (int i = 0; i < 2_000; i++) {
            char[] bad = good.toCharArray();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                bad[random.nextInt(bad.length)] = (char) random.nextInt(128);
            }
            String text = new String(bad, 0, random.nextInt(4) == 0 ? random.nextInt(bad.length) : bad.length);
            // the last character of a Base64 part has bits that stand for nothing
            assertThat(refusal(step, text))
                    .satisfiesAnyOf(reason -> assertThat(reason).startsWith("the "), reason -> assertThat(reason)
                            .endsWith(TEXT));
        }
    }

    @Test
    @DisplayName("choose among keys by kid; without one, each that fits is tried")
    void byKeyId() throws Exception {
        byte[] older = "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.US_ASCII);
        String set = "{\"keys\":[" + OtherSide.oct(SECRET, ",\"kid\":\"new\"") + ","
                + OtherSide.oct(older, ",\"kid\":\"old\"") + "]}";
        MessageStep step = decrypting(set);
        Key old = new SecretKeySpec(older, "AES");

        assertThat(refusal(step, OtherSide.encrypt(TEXT, old, "dir", "A256GCM", Map.of("kid", "old"))))
                .isEqualTo("accepted: " + TEXT);
        assertThat(refusal(step, OtherSide.encrypt(TEXT, old, "A256GCMKW", "A256GCM", Map.of())))
                .isEqualTo("accepted: " + TEXT);
        assertThat(refusal(step, OtherSide.encrypt(TEXT, old, "dir", "A256GCM", Map.of("kid", "new"))))
                .isEqualTo("the payload cannot be decrypted");
        assertThat(refusal(step, OtherSide.encrypt(TEXT, old, "dir", "A256GCM", Map.of("kid", "lost"))))
                .isEqualTo("the payload is encrypted for a key that the route has not");
    }

    @Test
    @DisplayName("may be opened and encrypted by several threads at once")
    void manyThreads() throws Exception {
        List<MessageStep> steps = List.of(
                encrypting(JweAlgorithm.ECDH_ES, OtherSide.pem(ec.getPublic()), null),
                decrypting(OtherSide.pem(ec.getPrivate())));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Delivery>> answers = new ArrayList<>();
            Answers end = new Answers(Delivery.accepted());
            SteppingSink sink = new SteppingSink(steps, end);
            for (int i = 0; i < 400; i++) {
                String payload = "message " + i;
                answers.add(threads.submit(() -> deliver(sink, message(payload, null))));
            }
            for (Future<Delivery> answer : answers) {
                assertThat(answer.get(2, TimeUnit.MINUTES)).isEqualTo(Delivery.accepted());
            }
            assertThat(end.offered.stream()
                            .map(message -> message.payload().asText())
                            .distinct())
                    .hasSize(400)
                    .allMatch(text -> text.startsWith("message "));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("a sink with steps rejects what they reject, and its target hears nothing of it")
    void sinkRejects() throws Exception {
        Answers end = new Answers(Delivery.accepted());
        SteppingSink sink = new SteppingSink(List.of(decrypting(OtherSide.pem(ec.getPrivate()))), end);

        Delivery outcome = deliver(sink, message("plain", null));

        assertThat(outcome).isInstanceOf(Delivery.Rejected.class);
        assertThat(end.offered).isEmpty();
    }

    @Test
    @DisplayName("keys print nothing of themselves")
    void hidden() {
        assertThat(JweKeyText.read(OtherSide.oct(SECRET, ",\"kid\":\"k1\"")).toString())
                .isEqualTo("[oct key k1]");
        assertThatThrownBy(() -> JweKeyText.read("{\"kty\":\"oct\",\"k\":5}"))
                .hasMessageStartingWith("holds a key that cannot be read")
                .hasNoCause();
    }
}
