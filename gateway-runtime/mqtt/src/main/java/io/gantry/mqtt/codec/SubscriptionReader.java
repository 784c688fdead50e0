// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.Qos;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Subscribe.RetainHandling;
import io.gantry.mqtt.packet.Unsubscribe;
import java.util.ArrayList;
import java.util.List;

/** Reads SUBSCRIBE and UNSUBSCRIBE [5.0 §3.8, §3.10]. Whether a filter is a Topic Filter is not decided here. */
final class SubscriptionReader {

    private static final long ALLOWED_IN_SUBSCRIBE =
            Property.setOf(Property.SUBSCRIPTION_IDENTIFIER, Property.USER_PROPERTY);

    private static final long ALLOWED_IN_UNSUBSCRIBE = Property.setOf(Property.USER_PROPERTY);

    private final PropertyReader properties;

    SubscriptionReader(PropertyReader properties) {
        this.properties = properties;
    }

    Subscribe readSubscribe(PacketBytes in, ProtocolVersion version) {
        boolean v5 = version == ProtocolVersion.V5;
        int packetId = readPacketId(in, "SUBSCRIBE");
        PropertyValues values = v5 ? properties.read(in, ALLOWED_IN_SUBSCRIBE, "SUBSCRIBE") : PropertyValues.NONE;
        int subscriptionId = (int) values.number(Property.SUBSCRIPTION_IDENTIFIER, 0);
        if (subscriptionId == 0 && values.has(Property.SUBSCRIPTION_IDENTIFIER)) {
            throw Rule.SUBSCRIPTION_ID.brokenBy("Subscription Identifier 0");
        }
        if (in.remaining() == 0) {
            throw Rule.SUBSCRIBE_EMPTY.brokenBy("SUBSCRIBE without a Topic Filter");
        }
        List<Subscribe.Request> requests = new ArrayList<>();
        while (in.remaining() > 0) {
            String filter = in.readString("Topic Filter");
            int options = in.readByte("Subscription Options");
            requests.add(v5 ? request5(filter, options) : request311(filter, options));
        }
        return new Subscribe(packetId, subscriptionId, requests, values.userProperties());
    }

    Unsubscribe readUnsubscribe(PacketBytes in, ProtocolVersion version) {
        int packetId = readPacketId(in, "UNSUBSCRIBE");
        PropertyValues values = version == ProtocolVersion.V5
                ? properties.read(in, ALLOWED_IN_UNSUBSCRIBE, "UNSUBSCRIBE")
                : PropertyValues.NONE;
        if (in.remaining() == 0) {
            throw Rule.UNSUBSCRIBE_EMPTY.brokenBy("UNSUBSCRIBE without a Topic Filter");
        }
        List<String> filters = new ArrayList<>();
        while (in.remaining() > 0) {
            filters.add(in.readString("Topic Filter"));
        }
        return new Unsubscribe(packetId, filters, values.userProperties());
    }

    /** The Packet Identifier of a packet that begins an exchange. */
    static int readPacketId(PacketBytes in, String packet) {
        int packetId = in.readTwoByteInteger("Packet Identifier");
        if (packetId == 0) {
            throw Rule.PACKET_ID.brokenBy(packet + " with Packet Identifier 0");
        }
        return packetId;
    }

    private static Subscribe.Request request311(String filter, int options) {
        if ((options & 0b1111_1100) != 0) {
            throw Rule.SUBSCRIBE_RESERVED_BITS.brokenBy("reserved bits in the requested QoS of SUBSCRIBE");
        }
        return new Subscribe.Request(filter, qos(options), false, false, RetainHandling.SEND);
    }

    private static Subscribe.Request request5(String filter, int options) {
        if ((options & 0b1100_0000) != 0) {
            throw Rule.SUBSCRIBE_RESERVED_BITS.brokenBy("reserved bits in the Subscription Options");
        }
        boolean noLocal = (options & 0b0000_0100) != 0;
        if (noLocal && filter.startsWith("$share/")) {
            throw Rule.NO_LOCAL_ON_SHARED.brokenBy("No Local on a Shared Subscription");
        }
        boolean retainAsPublished = (options & 0b0000_1000) != 0;
        return new Subscribe.Request(filter, qos(options), noLocal, retainAsPublished, retainHandling(options));
    }

    private static Qos qos(int options) {
        int level = options & 3;
        if (level == 3) {
            throw Rule.SUBSCRIBE_QOS.brokenBy("SUBSCRIBE with QoS 3");
        }
        return Qos.of(level);
    }

    private static RetainHandling retainHandling(int options) {
        return switch (options >> 4 & 3) {
            case 0 -> RetainHandling.SEND;
            case 1 -> RetainHandling.SEND_IF_NEW;
            case 2 -> RetainHandling.DO_NOT_SEND;
            default -> throw Rule.RETAIN_HANDLING.brokenBy("Retain Handling 3");
        };
    }
}
