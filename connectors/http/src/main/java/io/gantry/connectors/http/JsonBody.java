// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Hops;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole message as a JSON object. */
final class JsonBody {
    private final ByteArrayOutputStream out;

    private JsonBody(int size) {
        this.out = new ByteArrayOutputStream(size);
    }

    static Payload of(Message message) {
        JsonBody body = new JsonBody(message.payload().size() + 200);
        body.raw("{\"id\":").text(message.id().toString());
        body.raw(",\"topic\":").text(message.topic().value());
        body.raw(",\"qos\":").raw(message.qos().toString());
        body.raw(",\"retain\":").raw(Boolean.toString(message.retain()));
        body.raw(",\"received\":")
                .text(Instant.ofEpochMilli(message.receivedMillis()).toString());
        if (message.origin() instanceof Origin.Device device) {
            body.raw(",\"client\":").text(device.clientId().value());
        }
        body.contentType(message.properties().contentType());
        body.user(message.properties().userProperties());
        body.payload(message.payload().sharedBytes());
        body.raw("}");
        return Payload.owning(body.out.toByteArray());
    }

    private void contentType(@Nullable String contentType) {
        if (contentType != null) {
            raw(",\"contentType\":").text(contentType);
        }
    }

    /** Pairs, since a name may be there twice. The mark of gateways is a header. */
    private void user(List<UserProperty> properties) {
        String before = ",\"user\":[";
        for (UserProperty property : properties) {
            if (!property.name().equals(Hops.NAME)) {
                raw(before).raw("[").text(property.name()).raw(",");
                text(property.value()).raw("]");
                before = ",";
            }
        }
        if (before.equals(",")) {
            raw("]");
        }
    }

    private void payload(byte[] payload) {
        if (JsonText.isWellFormed(payload)) {
            raw(",\"payload\":").out.writeBytes(payload);
        } else if (Utf8.isWellFormed(payload)) {
            raw(",\"text\":").text(new String(payload, StandardCharsets.UTF_8));
        } else {
            raw(",\"base64\":\"")
                    .raw(Base64.getEncoder().encodeToString(payload))
                    .raw("\"");
        }
    }

    private JsonBody raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private JsonBody text(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c == 0x7F || c == '\u2028' || c == '\u2029') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return raw(escaped.append('"').toString());
    }
}
