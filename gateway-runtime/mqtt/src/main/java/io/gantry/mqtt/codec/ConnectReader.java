// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Will;

/** Reads CONNECT [5.0 §3.1]. */
final class ConnectReader {

    private static final int RESERVED_FLAG = 0b0000_0001;
    private static final int CLEAN_START_FLAG = 0b0000_0010;
    private static final int WILL_FLAG = 0b0000_0100;
    private static final int WILL_QOS_SHIFT = 3;
    private static final int WILL_RETAIN_FLAG = 0b0010_0000;
    private static final int PASSWORD_FLAG = 0b0100_0000;
    private static final int USER_NAME_FLAG = 0b1000_0000;

    /** What MQTT 3.1 calls itself; its level is 3. */
    private static final String NAME_OF_3_1 = "MQIsdp";

    /** What no Protocol Name goes with. */
    private static final int NO_LEVEL = 0;

    private static final long ALLOWED = Property.setOf(
            Property.SESSION_EXPIRY_INTERVAL,
            Property.RECEIVE_MAXIMUM,
            Property.MAXIMUM_PACKET_SIZE,
            Property.TOPIC_ALIAS_MAXIMUM,
            Property.REQUEST_RESPONSE_INFORMATION,
            Property.REQUEST_PROBLEM_INFORMATION,
            Property.AUTHENTICATION_METHOD,
            Property.AUTHENTICATION_DATA,
            Property.USER_PROPERTY);

    private static final long ALLOWED_IN_WILL =
            PropertyReader.OF_A_MESSAGE | Property.setOf(Property.WILL_DELAY_INTERVAL);

    private final PropertyReader properties;

    private final TopicReader topics;

    private final int maxClientIdLength;

    ConnectReader(DecoderLimits limits, PropertyReader properties, TopicReader topics) {
        this.maxClientIdLength = limits.maxClientIdLength();
        this.properties = properties;
        this.topics = topics;
    }

    /** Reads Protocol Name and Protocol Level, which decide how the rest is read; 3 is MQTT 3.1 under its own name only. */
    int readProtocolLevel(PacketBytes in) {
        String name = in.readString("Protocol Name");
        if (!name.equals("MQTT") && !name.equals(NAME_OF_3_1)) {
            throw Rule.PROTOCOL_NAME.brokenBy("CONNECT with a Protocol Name other than MQTT");
        }
        int level = in.readByte("Protocol Level");
        boolean is31 = (level & PacketReader.VERSION_BITS) == 3;
        return name.equals(NAME_OF_3_1) == is31 ? level : NO_LEVEL;
    }

    /** Reads what follows the Protocol Level. */
    Connect read(PacketBytes in, ProtocolVersion version) {
        boolean v5 = version == ProtocolVersion.V5;
        int flags = in.readByte("Connect Flags");
        checkFlags(flags, version);
        boolean cleanStart = (flags & CLEAN_START_FLAG) != 0;
        int keepAlive = in.readTwoByteInteger("Keep Alive");
        Connect.Properties connectProperties = v5 ? readProperties(in) : Connect.Properties.of311(cleanStart);
        String clientId = readClientId(in);
        Will will = (flags & WILL_FLAG) != 0 ? readWill(in, flags, v5) : null;
        String userName = (flags & USER_NAME_FLAG) != 0 ? in.readString("User Name") : null;
        Payload password = (flags & PASSWORD_FLAG) != 0 ? in.readBinary("Password") : null;
        return new Connect(
                version, clientId, cleanStart, keepAlive, will, userName, password, connectProperties, false);
    }

    private static void checkFlags(int flags, ProtocolVersion version) {
        if ((flags & RESERVED_FLAG) != 0) {
            throw Rule.CONNECT_RESERVED_FLAG.brokenBy("CONNECT with its reserved flag set");
        }
        int willQos = flags >> WILL_QOS_SHIFT & 3;
        if ((flags & WILL_FLAG) == 0 && willQos != 0) {
            throw Rule.WILL_QOS_WITHOUT_WILL.brokenBy("CONNECT with Will QoS " + willQos + " but without Will Flag");
        }
        if ((flags & WILL_FLAG) == 0 && (flags & WILL_RETAIN_FLAG) != 0) {
            throw Rule.WILL_RETAIN_WITHOUT_WILL.brokenBy("CONNECT with Will Retain but without Will Flag");
        }
        if (willQos == 3) {
            throw Rule.WILL_QOS.brokenBy("CONNECT with Will QoS 3");
        }
        boolean passwordOnly = (flags & PASSWORD_FLAG) != 0 && (flags & USER_NAME_FLAG) == 0;
        if (version == ProtocolVersion.V3_1_1 && passwordOnly) {
            throw Rule.PASSWORD_WITHOUT_USER_NAME.brokenBy("CONNECT with a password but without a user name");
        }
    }

    private Connect.Properties readProperties(PacketBytes in) {
        PropertyValues values = properties.read(in, ALLOWED, "CONNECT");
        long receiveMaximum = values.number(Property.RECEIVE_MAXIMUM, 65_535);
        if (receiveMaximum == 0) {
            throw Rule.RECEIVE_MAXIMUM.brokenBy("Receive Maximum 0");
        }
        long maximumPacketSize = values.number(Property.MAXIMUM_PACKET_SIZE, Connect.Properties.NO_PACKET_LIMIT);
        if (maximumPacketSize == 0) {
            throw Rule.MAXIMUM_PACKET_SIZE.brokenBy("Maximum Packet Size 0");
        }
        if (values.has(Property.AUTHENTICATION_DATA) && !values.has(Property.AUTHENTICATION_METHOD)) {
            throw Rule.AUTHENTICATION_DATA.brokenBy("Authentication Data without Authentication Method");
        }
        return new Connect.Properties(
                values.number(Property.SESSION_EXPIRY_INTERVAL, 0),
                (int) receiveMaximum,
                (int) Math.min(maximumPacketSize, Connect.Properties.NO_PACKET_LIMIT),
                (int) values.number(Property.TOPIC_ALIAS_MAXIMUM, 0),
                PropertyReader.flag(
                        values, Property.REQUEST_RESPONSE_INFORMATION, false, Rule.REQUEST_RESPONSE_INFORMATION),
                PropertyReader.flag(
                        values, Property.REQUEST_PROBLEM_INFORMATION, true, Rule.REQUEST_PROBLEM_INFORMATION),
                values.text(Property.AUTHENTICATION_METHOD),
                values.binary(Property.AUTHENTICATION_DATA),
                values.userProperties());
    }

    private String readClientId(PacketBytes in) {
        int length = in.readTwoByteInteger("Client Identifier");
        byte[] bytes = in.readBytes(length, "Client Identifier");
        if (length > maxClientIdLength) {
            throw Rule.CLIENT_ID_LENGTH.brokenBy(
                    "Client Identifier of " + length + " bytes where at most " + maxClientIdLength + " are taken");
        }
        return Utf8.decode(bytes, "Client Identifier");
    }

    private Will readWill(PacketBytes in, int flags, boolean v5) {
        PropertyValues values = v5 ? properties.read(in, ALLOWED_IN_WILL, "Will Message") : PropertyValues.NONE;
        MessageProperties messageProperties = PropertyReader.ofMessage(values);
        TopicName topic = topics.readOfWill(in);
        Payload payload = in.readBinary("Will Payload");
        return new Will(
                topic,
                payload,
                Qos.of(flags >> WILL_QOS_SHIFT & 3),
                (flags & WILL_RETAIN_FLAG) != 0,
                values.number(Property.WILL_DELAY_INTERVAL, 0),
                messageProperties);
    }
}
