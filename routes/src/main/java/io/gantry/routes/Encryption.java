// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the payload into a JWE for one recipient. */
final class Encryption implements MessageStep {
    /** Of a JWE in compact serialization [RFC 7515 §9.2.1]. */
    static final String CONTENT_TYPE = "application/jose";

    private final EncryptSettings settings;
    private final Supplier<Recipient> recipient;

    Encryption(EncryptSettings settings, KeyFiles files) {
        this.settings = settings;
        this.recipient = files.keep(
                List.of(settings.key()),
                texts -> recipient(settings.key(), settings.algorithm(), settings.encryption(), settings.kid(), texts));
    }

    /** Whom it is for. */
    record Recipient(@Nullable String keyId, JWEEncrypter encrypter) {}

    /**
     * The one key in a file that fits.
     *
     * @param texts what stands in the file
     * @throws InvalidSettingException when none fits, or several do
     */
    static Recipient recipient(
            String file, JweAlgorithm algorithm, JweEncryption encryption, @Nullable String keyId, List<String> texts) {
        List<JweKey> fitting = JweKeyFile.keysOf(List.of(file), texts).stream()
                .filter(key -> key.forEncrypting() != null && key.fits(algorithm))
                .filter(key -> keyId == null || key.id() == null || keyId.equals(key.id()))
                .toList();
        if (fitting.size() != 1) {
            throw new InvalidSettingException(
                    "key",
                    "must hold one public or secret key that fits " + algorithm
                            + (keyId == null ? "" : " and the kid '" + keyId + "'") + ", '" + file + "' holds "
                            + fitting.size() + (fitting.size() > 1 ? "; kid says which" : ""));
        }
        JweKey key = fitting.get(0);
        if (algorithm == JweAlgorithm.DIR
                && key.secretBits() != encryption.registered().cekBitLength()) {
            throw new InvalidSettingException(
                    "key",
                    "must hold a secret key of " + encryption.registered().cekBitLength() + " bits for dir with "
                            + encryption + ", '" + file + "' holds one of " + key.secretBits());
        }
        try {
            return new Recipient(keyId == null ? key.id() : keyId, key.encrypter(algorithm));
        } catch (JOSEException unusable) {
            throw new InvalidSettingException(
                    "key", "'" + file + "' holds a key that cannot be used with " + algorithm);
        }
    }

    @Override
    public Message apply(Message message) throws RejectedMessageException {
        MessageProperties properties = message.properties();
        return new Message(
                message.id(),
                message.topic(),
                sealed(message.payload(), properties.contentType()),
                message.qos(),
                message.retain(),
                new MessageProperties(
                        PayloadFormat.TEXT,
                        properties.expirySeconds(),
                        CONTENT_TYPE,
                        properties.responseTopic(),
                        properties.correlationData(),
                        properties.userProperties()),
                message.origin(),
                message.receivedMillis());
    }

    private Payload sealed(Payload payload, @Nullable String contentType) throws RejectedMessageException {
        Recipient now = recipient.get();
        JWEHeader header = new JWEHeader.Builder(
                        settings.algorithm().registered(), settings.encryption().registered())
                .keyID(now.keyId())
                .contentType(contentType)
                .build();
        try {
            JWEObject jwe = new JWEObject(header, new com.nimbusds.jose.Payload(payload.sharedBytes()));
            jwe.encrypt(now.encrypter());
            return Payload.owning(jwe.serialize().getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException | RuntimeException failure) {
            throw new RejectedMessageException(ReasonCode.UNSPECIFIED_ERROR, "the payload cannot be encrypted");
        }
    }
}
