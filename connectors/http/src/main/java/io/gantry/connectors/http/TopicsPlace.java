// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.ClientId;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.security.Guest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The path under which callers are devices: they publish, and read Retained Messages. */
final class TopicsPlace implements Place {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final Origin.Device nobody;
    private final Origin.Device user;
    private final @Nullable FixedPath root;
    private final DeviceSide devices;
    private final Sink publisher;
    private final MessageId.Sequence ids;

    /**
     * For one listener.
     *
     * @param endpoint all its callers are one device to routes, {@code http-NAME}
     * @param username of those who give a password; null when none is asked for
     * @param root null where there is no such path
     */
    TopicsPlace(
            String endpoint,
            @Nullable String username,
            @Nullable FixedPath root,
            DeviceSide devices,
            MessageId.Sequence ids) {
        this.nobody = new Origin.Device(new ClientId("http-" + endpoint), null);
        this.user = new Origin.Device(new ClientId("http-" + endpoint), username);
        this.root = root;
        this.devices = devices;
        this.publisher = devices.publisher();
        this.ids = ids;
    }

    /** What the query of a request says. */
    private static final class Wishes {
        private Qos qos = Qos.AT_LEAST_ONCE;
        private boolean retain;
        private @Nullable Long expirySeconds;

        /** Whether the name is one of those there are, for the first time, with a value it may have. */
        boolean add(UserProperty parameter) {
            String value = parameter.value();
            switch (parameter.name()) {
                case "qos" -> {
                    qos = value.equals("0") ? Qos.AT_MOST_ONCE : value.equals("2") ? Qos.EXACTLY_ONCE : qos;
                    return value.equals(qos.toString());
                }
                case "retain" -> {
                    retain = value.equals("true");
                    return retain || value.equals("false");
                }
                case "expiry" -> {
                    expirySeconds = SECONDS.matcher(value).matches() ? Long.valueOf(value) : null;
                    return expirySeconds != null;
                }
                default -> {
                    return false;
                }
            }
        }
    }

    @Override
    public void take(ReceivedRequest request) {
        List<String> levels = root == null ? List.of() : root.below(request.path());
        Optional<TopicName> topic = TopicName.parse(String.join("/", levels));
        if (topic.isEmpty()) {
            request.answer(HttpAnswer.error(400, "expected a Topic Name, without + and #, behind the path"));
        } else if (request.method().equals("POST") || request.method().equals("PUT")) {
            publish(topic.get(), request);
        } else {
            read(topic.get(), request);
        }
    }

    private void publish(TopicName topic, ReceivedRequest request) {
        Wishes wishes = new Wishes();
        long different =
                request.query().stream().map(UserProperty::name).distinct().count();
        if (different < request.query().size() || !request.query().stream().allMatch(wishes::add)) {
            request.answer(HttpAnswer.error(
                    400, "expected in the query qos (0, 1, 2), retain (true, false), expiry (seconds), each once"));
            return;
        }
        String contentType = request.headers().only("content-type").orElse(MediaType.BYTES);
        request.guest()
                .publisher(publisher)
                .offer(
                        new Message(
                                ids.next(),
                                topic,
                                request.body(),
                                wishes.qos,
                                wishes.retain,
                                new MessageProperties(
                                        null,
                                        wishes.expirySeconds,
                                        contentType.equalsIgnoreCase(MediaType.BYTES) ? null : contentType,
                                        null,
                                        null,
                                        List.of()),
                                deviceOf(request),
                                System.currentTimeMillis()),
                        delivery -> request.answer(DeliveryAnswers.of(delivery, false)));
    }

    /** Who calls with the listener's own token has no user name. */
    private Origin.Device deviceOf(ReceivedRequest request) {
        if (!request.guest().equals(Guest.ANYBODY)) {
            return new Origin.Device(nobody.clientId(), request.guest().username());
        }
        String given = request.headers().only("authorization").orElse("");
        return given.regionMatches(true, 0, "Basic ", 0, "Basic ".length()) ? user : nobody;
    }

    private void read(TopicName topic, ReceivedRequest request) {
        if (!request.guest().mayRead(topic)) {
            request.answer(HttpAnswer.error(403, "the caller may not read there"));
            return;
        }
        Message retained = devices.retained(topic);
        if (retained == null || retained.isExpiredAt(System.currentTimeMillis())) {
            request.answer(HttpAnswer.error(404, "there is no Retained Message"));
            return;
        }
        String contentType = retained.properties().contentType();
        request.answer(HttpAnswer.of(200, MediaType.orBytes(contentType), retained.payload()));
    }
}
