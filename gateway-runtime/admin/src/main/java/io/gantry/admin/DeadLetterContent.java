// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.store.DeadLetter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter with all that is known of it.
 *
 * @param properties what travels with the message, by the name MQTT 5 has for it; only what was sent
 * @param userProperties in their order
 * @param payload as text, or in Base64
 * @param isText whether the payload is UTF-8 and so shown as text
 * @param isCut whether only the first {@value #SHOWN} bytes of the payload are shown
 */
public record DeadLetterContent(
        DeadLetterSummary letter,
        Map<String, String> properties,
        List<UserProperty> userProperties,
        String payload,
        boolean isText,
        boolean isCut) {

    /** Bytes of a payload that are shown at most; a longer one is not text, as the cut may be within a character. */
    static final int SHOWN = 1 << 20;

    public DeadLetterContent {
        userProperties = List.copyOf(userProperties);
    }

    static DeadLetterContent of(DeadLetter letter) {
        Message message = letter.message();
        byte[] bytes = message.payload().sharedBytes();
        boolean isCut = bytes.length > SHOWN;
        Optional<String> text = isCut ? Optional.empty() : text(bytes);
        String payload = text.orElseGet(() -> base64(isCut ? Arrays.copyOf(bytes, SHOWN) : bytes));
        return new DeadLetterContent(
                DeadLetterSummary.of(letter),
                properties(message),
                message.properties().userProperties(),
                payload,
                text.isPresent(),
                isCut);
    }

    private static Map<String, String> properties(Message message) {
        MessageProperties sent = message.properties();
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("Retain", Boolean.toString(message.retain()));
        put(shown, "Payload Format Indicator", sent.payloadFormat());
        put(shown, "Message Expiry Interval", sent.expirySeconds());
        put(shown, "Content Type", sent.contentType());
        TopicName responseTopic = sent.responseTopic();
        put(shown, "Response Topic", responseTopic == null ? null : responseTopic.value());
        Payload correlation = sent.correlationData();
        put(shown, "Correlation Data", correlation == null ? null : base64(correlation.sharedBytes()));
        return shown;
    }

    private static void put(Map<String, String> shown, String name, @Nullable Object value) {
        if (value != null) {
            shown.put(name, value.toString());
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    JsonObject toJson() {
        JsonObject shown = new JsonObject();
        properties.forEach(shown::put);
        JsonArray users = new JsonArray();
        userProperties.forEach(
                user -> users.add(new JsonObject().put("name", user.name()).put("value", user.value())));
        return letter.toJson()
                .put("properties", shown)
                .put("userProperties", users)
                .put("payload", payload)
                .put("payloadIs", isText ? "text" : "base64")
                .put("payloadIsCut", isCut);
    }

    static DeadLetterContent from(JsonObject json) {
        Map<String, String> properties = new LinkedHashMap<>();
        JsonObject shown = json.getJsonObject("properties");
        shown.fieldNames().forEach(name -> properties.put(name, shown.getString(name)));
        return new DeadLetterContent(
                DeadLetterSummary.from(json),
                properties,
                GatewayStatus.objects(json.getJsonArray("userProperties")).stream()
                        .map(user -> new UserProperty(user.getString("name"), user.getString("value")))
                        .toList(),
                json.getString("payload"),
                json.getString("payloadIs").equals("text"),
                json.getBoolean("payloadIsCut"));
    }
}
