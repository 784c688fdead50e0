// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes the payload out of a JWE. What a JWE says of keys and where to find them is not believed, but for {@code kid}. */
final class Decryption implements MessageStep {
    /** A media type [RFC 7515 §4.1.10]; whoever encrypted it chose it, so it may hold nothing else. */
    private static final Pattern CONTENT_TYPE = Pattern.compile("[A-Za-z0-9!#$&^_.+/;= \"-]{1,255}");

    private final DecryptSettings settings;
    private final Supplier<List<Opener>> keys;

    Decryption(DecryptSettings settings, KeyFiles files) {
        this.settings = settings;
        this.keys = files.keep(settings.key(), texts -> keys(settings.key(), settings.algorithms(), texts));
    }

    /** One key with one way to use it. */
    record Opener(@Nullable String keyId, JweAlgorithm algorithm, JWEDecrypter decrypter) {

        boolean fits(JWEHeader header) {
            return algorithm.registered().equals(header.getAlgorithm())
                    && (keyId == null || header.getKeyID() == null || keyId.equals(header.getKeyID()));
        }
    }

    /**
     * What can be opened by the keys in files.
     *
     * @param texts what stands in the files
     * @throws InvalidSettingException when that is nothing
     */
    static List<Opener> keys(List<String> files, List<JweAlgorithm> algorithms, List<String> texts) {
        List<Opener> openers = new ArrayList<>();
        for (JweKey key : JweKeyFile.keysOf(files, texts)) {
            for (JweAlgorithm algorithm : algorithms) {
                if (key.forDecrypting() != null && key.fits(algorithm)) {
                    openers.add(opener(key, algorithm));
                }
            }
        }
        if (openers.isEmpty()) {
            throw new InvalidSettingException(
                    "key",
                    "must hold a private or secret key that fits one of " + algorithms + ", " + files + " do not");
        }
        return List.copyOf(openers);
    }

    private static Opener opener(JweKey key, JweAlgorithm algorithm) {
        try {
            return new Opener(key.id(), algorithm, key.decrypter(algorithm));
        } catch (JOSEException unusable) {
            throw new InvalidSettingException("key", "holds a key that cannot be used with " + algorithm);
        }
    }

    @Override
    public Message apply(Message message) throws RejectedMessageException {
        JWEObject jwe = parsed(message.payload());
        JWEHeader header = jwe.getHeader();
        requireAccepted(header);
        byte[] opened = opened(jwe);
        MessageProperties properties = message.properties();
        return new Message(
                message.id(),
                message.topic(),
                Payload.owning(opened),
                message.qos(),
                message.retain(),
                new MessageProperties(
                        null,
                        properties.expirySeconds(),
                        contentType(header, properties.contentType()),
                        properties.responseTopic(),
                        properties.correlationData(),
                        properties.userProperties()),
                message.origin(),
                message.receivedMillis());
    }

    private static JWEObject parsed(Payload payload) throws RejectedMessageException {
        try {
            return JWEObject.parse(new String(payload.sharedBytes(), StandardCharsets.US_ASCII));
        } catch (ParseException | RuntimeException none) {
            throw rejected("the payload is no JWE in compact serialization");
        }
    }

    private void requireAccepted(JWEHeader header) throws RejectedMessageException {
        boolean isAccepted = settings.algorithms().stream()
                        .anyMatch(algorithm -> algorithm.registered().equals(header.getAlgorithm()))
                && settings.encryptions().stream()
                        .anyMatch(encryption -> encryption.registered().equals(header.getEncryptionMethod()));
        if (!isAccepted) {
            throw rejected("the payload is encrypted in a way that the route does not accept");
        }
        if (header.getCompressionAlgorithm() != null) {
            throw rejected("the payload is compressed before it is encrypted, which the route does not accept");
        }
    }

    /** Tells nobody whether the key was wrong or the payload altered. */
    private byte[] opened(JWEObject jwe) throws RejectedMessageException {
        boolean hasKey = false;
        for (Opener opener : keys.get()) {
            if (!opener.fits(jwe.getHeader())) {
                continue;
            }
            hasKey = true;
            try {
                jwe.decrypt(opener.decrypter());
                return jwe.getPayload().toBytes();
            } catch (JOSEException | RuntimeException next) {
                // of another sender, perhaps: the next key may fit
            }
        }
        throw rejected(
                hasKey
                        ? "the payload cannot be decrypted"
                        : "the payload is encrypted for a key that the route has not");
    }

    private static @Nullable String contentType(JWEHeader header, @Nullable String own)
            throws RejectedMessageException {
        String inside = header.getContentType();
        if (inside == null) {
            return Encryption.CONTENT_TYPE.equals(own) ? null : own;
        }
        if (!CONTENT_TYPE.matcher(inside).matches()) {
            throw rejected("the encrypted payload has a content type that is none");
        }
        return inside.contains("/") ? inside : "application/" + inside;
    }

    private static RejectedMessageException rejected(String reason) {
        return new RejectedMessageException(ReasonCode.PAYLOAD_FORMAT_INVALID, reason);
    }
}
