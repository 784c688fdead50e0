// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The {@code limits:} of the YAML: what one device may take of the gateway. Every limit is on by default and counted. */
@Description("What one device may take of the gateway. Every limit is on by default and counted when it strikes.")
public record LimitSettings(
        @Description(
                "QoS 1 and 2 messages from one device that may be unacknowledged at the same time; MQTT 5 devices are"
                        + " told (Receive Maximum) and closed when they send more, others are not read until there is room."
                        + " 1 to 65535.")
        @DefaultValue("1000")
        int receiveMaximum,

        @Description("QoS 1 and 2 messages to one device that may be unacknowledged at the same time; a device's own"
                + " Receive Maximum counts when it is lower. 1 to 65535.")
        @DefaultValue("100")
        int maxInflight,

        @Description(
                "Messages that wait for one device that is slow or away; when-queue-full says what becomes of more.")
        @DefaultValue("1000")
        int maxQueuedMessages,

        @Description("Payload bytes that wait for one device that is slow or away; when-queue-full says what becomes of"
                + " more.")
        @DefaultValue("4MiB")
        ByteSize maxQueuedBytes,

        @Description(
                "Longest time a session outlives its connection; a longer Session Expiry Interval is lowered to it.")
        @DefaultValue("7d")
        Duration maxSessionExpiry,

        @Description("Longest Keep Alive; a longer one, or 0, is replaced by it, and MQTT 5 devices are told."
                + " 1s to 65535s.")
        @DefaultValue("1h")
        Duration maxKeepAlive,

        @Description("Longest Client Identifier, in bytes of UTF-8.") @DefaultValue("256")
        int maxClientIdLength,

        @Description("Longest Topic Name or Topic Filter, in bytes of UTF-8.") @DefaultValue("1024")
        int maxTopicLength,

        @Description("Most levels of a Topic Name or Topic Filter.") @DefaultValue("32")
        int maxTopicLevels,

        @Description("Most subscriptions of one device.") @DefaultValue("1000")
        int maxSubscriptions,

        @Description("Most User Properties in one packet.") @DefaultValue("32")
        int maxUserProperties,

        @Description("Topic Aliases a device may set; MQTT 5 devices are told. 0 to 65535.") @DefaultValue("10")
        int maxTopicAliases,

        @Description(
                "Retained Messages kept; further ones are refused (0x97). With 0 none are taken, and MQTT 5 devices"
                        + " are told (Retain Available).")
        @DefaultValue("100000")
        int maxRetainedMessages,

        @Description("Payload bytes of all Retained Messages; further ones are refused.") @DefaultValue("64MiB")
        ByteSize maxRetainedBytes,

        @Description(
                "Most bytes of properties in one packet. Over this or over max-user-properties, a PUBLISH is refused"
                        + " (0x97) and the connection stays; other packets close it.")
        @DefaultValue("8KiB")
        ByteSize maxPropertyBytes,

        @Description("Messages per second taken from one device; a faster one is read more slowly and loses nothing."
                + " 0 for no limit.")
        @DefaultValue("50000")
        int maxPublishRate,

        @Description(
                "Messages per second taken from all devices of one address (of IPv6, a network of 64 bits); they are read"
                        + " more slowly then and lose nothing. Generous, since many devices may share an address. 0 for no limit.")
        @DefaultValue("1000000")
        int maxPublishRatePerAddress,

        @Description(
                "How often one Client Identifier may connect, or authenticate again, within a minute; one that does so more often is let in"
                        + " no more for 10 seconds (0x9F), and twice as long each time it does so again, so that two devices of"
                        + " the same name do not take each other's session for ever. 0 for no limit.")
        @DefaultValue("30")
        int maxConnectsPerMinute,

        @Description("Longest time for which a Client Identifier that connects too often is not let in. After as long"
                + " without connecting too often it starts with 10 seconds again."
                + " 10s to 365d.")
        @DefaultValue("10m")
        Duration maxConnectBan,

        @Description(
                "What becomes of a message for a device whose queue is full: `reject-new` drops it, `drop-oldest`"
                        + " drops those that have waited longest, `disconnect` drops it and closes the device's connection"
                        + " (0x97). Each is counted. Under `reject-new` a message of QoS 1 or 2 that a route brings to a device that"
                        + " is connected is not dropped but waits, and its source (such as Kafka) is read no further meanwhile.")
        @DefaultValue("reject-new")
        QueuePolicy whenQueueFull,

        @Description("Most subscriptions of all devices; further ones are refused (0x97).") @DefaultValue("1000000")
        int maxAllSubscriptions,

        @Description("Bytes of the Topic Names that Topic Aliases of all devices stand for; a device that sets one more"
                + " is disconnected (0x97).")
        @DefaultValue("64MiB")
        ByteSize maxTopicAliasBytes,

        @Description("Which characters a Client Identifier may have, never a control character: `any`, `no-wildcards`"
                + " for all but `+`, `#` and `/`, or `plain` for letters, digits, `.`, `_`, `:` and `-`. Others are"
                + " refused (0x85).")
        @DefaultValue("any")
        ClientIdCharacters clientIdCharacters,

        @Description("Highest QoS a device may publish with; MQTT 5 devices are told, and one that goes above is"
                + " disconnected (0x9B). Subscriptions are granted at most this. `0`, `1` or `2`.")
        @DefaultValue("2")
        Qos maxQos,

        @Description(
                "Most packets that a device may take to prove who it is by an Authentication Method (MQTT 5), its CONNECT"
                        + " included; more is refused (0x97). 1 to 1000.")
        @DefaultValue("8")
        int maxAuthenticationRounds,

        @Description(
                "How long a connected device may acknowledge nothing while messages are in flight to it; then it is"
                        + " disconnected (0x97), so that it does not hold up the sources of its messages. 1s to 1d.")
        @DefaultValue("5m")
        Duration maxAcknowledgeTime,

        @Description(
                "Logins that may fail from one address (of IPv6, a network of 64 bits) within five minutes, renewals by"
                        + " AUTH included; then the address is banned for failed-login-ban: its connections are closed when they are"
                        + " accepted, and those that are there stay. Each failure of an address or a user name is"
                        + " answered later than the one before, 1 to 30 seconds. 0 bans nobody.")
        @DefaultValue("10")
        int maxFailedLogins,

        @Description("How long an address is banned for failed logins. 1s to 365d.") @DefaultValue("10m")
        Duration failedLoginBan,

        @Description(
                "How often within a minute a Client Identifier at one address (of IPv6, a network of 64 bits) may connect and be"
                        + " gone again within a second, or be refused for max-connects-per-minute; then it is banned at that"
                        + " address for flapping-ban (0x8A), before it proves who it is. The same Client Identifier elsewhere"
                        + " and other devices there are not. 0 bans nobody.")
        @DefaultValue("50")
        int maxFlapsPerMinute,

        @Description("How long a Client Identifier is banned at an address where it flaps. 1s to 365d.")
        @DefaultValue("5m")
        Duration flappingBan,

        @Description("When the gateway itself has too much to do.") @DefaultValue("{}")
        OverloadSettings overload) {

    public LimitSettings {
        within("receive-maximum", receiveMaximum, 1, 65_535);
        within("max-inflight", maxInflight, 1, 65_535);
        within("max-queued-messages", maxQueuedMessages, 0, Integer.MAX_VALUE);
        within("max-keep-alive", maxKeepAlive.toSeconds(), 1, 65_535);
        within("max-session-expiry", maxSessionExpiry.toSeconds(), 0, 0xFFFF_FFFEL);
        within("max-client-id-length", maxClientIdLength, 23, 65_535);
        within("max-topic-length", maxTopicLength, 1, 65_535);
        within("max-topic-levels", maxTopicLevels, 1, 65_535);
        within("max-subscriptions", maxSubscriptions, 1, Integer.MAX_VALUE);
        within("max-user-properties", maxUserProperties, 0, 65_535);
        within("max-topic-aliases", maxTopicAliases, 0, 65_535);
        within("max-retained-messages", maxRetainedMessages, 0, Integer.MAX_VALUE);
        within("max-property-bytes", maxPropertyBytes.bytes(), 0, Integer.MAX_VALUE);
        within("max-publish-rate", maxPublishRate, 0, Integer.MAX_VALUE);
        within("max-publish-rate-per-address", maxPublishRatePerAddress, 0, Integer.MAX_VALUE);
        within("max-connects-per-minute", maxConnectsPerMinute, 0, Integer.MAX_VALUE);
        if (maxConnectBan.toSeconds() < 10 || maxConnectBan.toDays() > 365) {
            throw new InvalidSettingException("max-connect-ban", "must be 10s to 365d");
        }
        within("max-all-subscriptions", maxAllSubscriptions, 1, Integer.MAX_VALUE);
        within("max-authentication-rounds", maxAuthenticationRounds, 1, 1_000);
        if (maxAcknowledgeTime.toSeconds() < 1 || maxAcknowledgeTime.toDays() > 1) {
            throw new InvalidSettingException("max-acknowledge-time", "must be 1s to 1d");
        }
        within("max-failed-logins", maxFailedLogins, 0, Integer.MAX_VALUE);
        if (failedLoginBan.toSeconds() < 1 || failedLoginBan.toDays() > 365) {
            throw new InvalidSettingException("failed-login-ban", "must be 1s to 365d");
        }
        within("max-flaps-per-minute", maxFlapsPerMinute, 0, Integer.MAX_VALUE);
        if (flappingBan.toSeconds() < 1 || flappingBan.toDays() > 365) {
            throw new InvalidSettingException("flapping-ban", "must be 1s to 365d");
        }
    }

    /** Whether devices may have messages retained. */
    public boolean takesRetained() {
        return maxRetainedMessages > 0;
    }

    /** Whether so many messages, with so many bytes of payload, may wait for one device. */
    public boolean allowsQueue(long messages, long bytes) {
        return messages <= maxQueuedMessages && bytes <= maxQueuedBytes.bytes();
    }

    /** Whether a Topic Name or Topic Filter is within the limits of length and levels. */
    public boolean allowsTopic(String topic) {
        if (topic.length() > maxTopicLength) {
            return false;
        }
        int levels = 1;
        for (int i = 0; i < topic.length(); i++) {
            if (topic.charAt(i) == '/') {
                levels++;
            }
        }
        boolean fits =
                topic.length() * 3 <= maxTopicLength || topic.getBytes(StandardCharsets.UTF_8).length <= maxTopicLength;
        return fits && levels <= maxTopicLevels;
    }
}
