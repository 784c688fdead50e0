// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Will;
import io.gantry.mqtt.session.Home;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is decided about a CONNECT before its session is looked for: who it is, and on what terms. */
record Admission(
        Connect connect,
        ClientId clientId,
        boolean assigned,
        long expirySeconds,
        int keepAliveSeconds,
        @Nullable Payload authenticationData,
        Identity identity) {
    private static final Identity NOBODY = Identity.named(null);
    private static final String BRIDGE_STATE = "$SYS/broker/connection/";

    /** The reason a CONNECT is refused. */
    static Optional<ReasonCode> refusal(Connect connect, LimitSettings limits, Set<String> authenticationMethods) {
        String method = connect.properties().authenticationMethod();
        if (method != null && !authenticationMethods.contains(method)) {
            return Optional.of(ReasonCode.BAD_AUTHENTICATION_METHOD);
        }
        boolean tooLong = connect.clientId().getBytes(StandardCharsets.UTF_8).length > limits.maxClientIdLength();
        boolean namelessForLong =
                connect.clientId().isEmpty() && connect.version() == ProtocolVersion.V3_1_1 && !connect.cleanStart();
        if (tooLong || namelessForLong || !limits.clientIdCharacters().allows(connect.clientId())) {
            return Optional.of(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        }
        return connect.will() == null ? Optional.empty() : refusal(connect.will(), limits);
    }

    private static Optional<ReasonCode> refusal(Will will, LimitSettings limits) {
        if (isRefused(will.topic()) || !limits.allowsTopic(will.topic().value())) {
            return Optional.of(ReasonCode.TOPIC_NAME_INVALID);
        }
        if (will.qos().level() > limits.maxQos().level()) {
            return Optional.of(ReasonCode.QOS_NOT_SUPPORTED);
        }
        return will.retain() && !limits.takesRetained()
                ? Optional.of(ReasonCode.RETAIN_NOT_SUPPORTED)
                : Optional.empty();
    }

    /** A Mosquitto bridge has its state as will by default; it is let in, and the will is not published. */
    private static boolean isRefused(TopicName willTopic) {
        return willTopic.isReserved() && !willTopic.value().startsWith(BRIDGE_STATE);
    }

    /** The terms for a CONNECT that is not refused; a device without a name is given one [5.0/MQTT-3.1.3-6]. */
    static Admission of(Connect connect, LimitSettings limits) {
        boolean assigned = connect.clientId().isEmpty();
        String name = assigned ? "gantry-" + UUID.randomUUID() : connect.clientId();
        long expiry = Math.min(
                connect.properties().sessionExpirySeconds(),
                limits.maxSessionExpiry().toSeconds());
        int longest = Math.toIntExact(limits.maxKeepAlive().toSeconds());
        int wanted = connect.keepAliveSeconds();
        int keepAlive = wanted == 0 || wanted > longest ? longest : wanted;
        return new Admission(connect, new ClientId(name), assigned, expiry, keepAlive, null, NOBODY);
    }

    /**
     * The same for a device that has authenticated.
     *
     * @param data for the device, from its Authentication Method
     */
    Admission provedBy(Identity proved, @Nullable Payload data) {
        return new Admission(
                connect.provedBy(proved.username()), clientId, assigned, expirySeconds, keepAliveSeconds, data, proved);
    }

    /** Whether the device gets less than it asked for. */
    boolean isExpiryLowered() {
        return expirySeconds < connect.properties().sessionExpirySeconds();
    }

    /** The same for the time it may be silent; 0 stands for any. */
    boolean isKeepAliveLowered() {
        return keepAliveSeconds != connect.keepAliveSeconds();
    }

    /** The answer to the device. */
    ConnAck connAck(boolean sessionPresent, LimitSettings limits, int maxPacketSize) {
        return new ConnAck(
                connect.version(),
                sessionPresent,
                ReasonCode.SUCCESS,
                new ConnAck.Properties(
                        limits.receiveMaximum(),
                        maxPacketSize,
                        limits.maxTopicAliases(),
                        expirySeconds == connect.properties().sessionExpirySeconds() ? null : (Long) expirySeconds,
                        keepAliveSeconds == connect.keepAliveSeconds() ? null : (Integer) keepAliveSeconds,
                        assignedName(),
                        limits.maxQos(),
                        limits.takesRetained(),
                        connect.properties().authenticationMethod(),
                        authenticationData));
    }

    private @Nullable String assignedName() {
        return assigned ? clientId.value() : null;
    }

    /** What the session is asked for. */
    Home.Arrival arrival() {
        Origin.Device origin = new Origin.Device(clientId, connect.username());
        return new Home.Arrival(connect.cleanStart(), expirySeconds, connect.will(), origin);
    }
}
