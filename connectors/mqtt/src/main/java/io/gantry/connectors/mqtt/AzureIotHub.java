// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Message;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.RetainChoice;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Azure IoT Hub, to which the gateway is one device: MQTT 3.1.1 with a few fixed Topic Names, a user name made of hub and
 * device, and a token made of the device's key, or a certificate.
 */
final class AzureIotHub implements BrokerKind {
    static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final String API = "/?api-version=2021-04-12";
    private static final List<String> FROM_THE_HUB =
            List.of(DirectMethods.FILTER, "$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#");

    private final InstantSource clock;

    AzureIotHub() {
        this(InstantSource.system());
    }

    AzureIotHub(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public MqttVersion version() {
        return MqttVersion.V311;
    }

    @Override
    public TopicLimits limits() {
        return new TopicLimits(Texts.LONGEST, Texts.LONGEST, 256 << 10, 8);
    }

    @Override
    public void check(MqttEndpointSettings settings) {
        BrokerKind.requireTls(settings, true, 8883, 443);
        BrokerKind.require(settings.url().size() == 1, "url", "must be one", settings);
        BrokerKind.require(settings.clientId() != null, "client-id", "must be the id of the device", settings);
        BrokerKind.require(
                settings.username() == null, "username", "must not be given, as hub and device make it,", settings);
        BrokerKind.require(
                settings.password() == null, "password", "must not be given, but shared-access-key,", settings);
        boolean hasCertificate = settings.tls() != null && settings.tls().hasCertificate();
        BrokerKind.require(
                (settings.sharedAccessKey() == null) == hasCertificate,
                "shared-access-key",
                "must be given, or else cert and key of tls,",
                settings);
        if (settings.sharedAccessKey() != null) {
            try {
                SasToken.decoded(settings.sharedAccessKey());
            } catch (IllegalArgumentException wrong) {
                throw new InvalidSettingException("shared-access-key", String.valueOf(wrong.getMessage()));
            }
        }
        BrokerKind.require(
                settings.keepAlive().compareTo(Duration.ofSeconds(1_767)) <= 0,
                "keep-alive",
                "must be at most 1767s",
                settings);
    }

    @Override
    public void checkFrom(MqttEndpointSettings settings, MqttFrom from) {
        BrokerKind.super.checkFrom(settings, from);
        BrokerKind.require(from.share() == null, "share", "must not be given", settings);
        checkMethods(settings, from);
        String toTheDevice = "devices/" + settings.clientId() + "/messages/devicebound/#";
        for (String filter : from.filter()) {
            BrokerKind.require(
                    filter.equals(toTheDevice) || FROM_THE_HUB.contains(filter),
                    "filter",
                    "must be " + toTheDevice + ", " + String.join(", ", FROM_THE_HUB) + ", was '" + filter + "',",
                    settings);
        }
    }

    private static void checkMethods(MqttEndpointSettings settings, MqttFrom from) {
        boolean isOfMethods = from.filter().contains(DirectMethods.FILTER);
        BrokerKind.require(
                from.reply() == isOfMethods,
                "reply",
                "must be " + isOfMethods + " for " + String.join(", ", from.filter()),
                settings);
        BrokerKind.require(
                !isOfMethods || from.filter().size() == 1,
                "filter",
                "must have no other filter beside " + DirectMethods.FILTER,
                settings);
    }

    @Override
    public boolean answersMethods() {
        return true;
    }

    @Override
    public void checkTo(MqttEndpointSettings settings, MqttTo to) {
        BrokerKind.super.checkTo(settings, to);
        String topic = to.topic().toString();
        BrokerKind.require(
                topic.equals(events(settings)) || topic.startsWith("$iothub/"),
                "topic",
                "must be " + events(settings) + ", to which the properties are added, or begin with $iothub/, was '"
                        + topic + "',",
                settings);
        BrokerKind.require(to.retain() != RetainChoice.TRUE, "retain", "must not be true", settings);
    }

    private static String events(MqttEndpointSettings settings) {
        return "devices/" + settings.clientId() + "/messages/events/";
    }

    @Override
    public Login.Source logins(MqttEndpointSettings settings) {
        String host = BrokerUrl.parse(settings.url().get(0)).hostName();
        String username = host + "/" + settings.clientId() + API;
        Secret key = settings.sharedAccessKey();
        if (key == null) {
            return () -> new Login(username, null, null);
        }
        byte[] decoded = SasToken.decoded(key);
        String resource = host + "/devices/" + settings.clientId();
        return () -> new Login(
                username,
                SasToken.of(resource, decoded, clock.instant().plus(TOKEN_LIFE).getEpochSecond()),
                TOKEN_LIFE);
    }

    @Override
    public String topicOf(String topic, Message message) throws RejectedMessageException {
        return topic.endsWith("/messages/events/") ? topic + PropertyBag.of(message) : topic;
    }

    @Override
    public Message arrived(Message message) {
        return PropertyBag.read(message);
    }
}
