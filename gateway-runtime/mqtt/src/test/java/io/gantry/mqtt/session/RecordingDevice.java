// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A device that keeps what it is sent. */
final class RecordingDevice implements Device {
    final List<Packet> sent = new ArrayList<>();
    boolean takesMore = true;
    boolean turnedAway;

    @Nullable ReasonCode closedWith;

    private final ProtocolVersion version;
    private final int receiveMaximum;

    private RecordingDevice(ProtocolVersion version, int receiveMaximum) {
        this.version = version;
        this.receiveMaximum = receiveMaximum;
    }

    static RecordingDevice v5() {
        return new RecordingDevice(ProtocolVersion.V5, 65_535);
    }

    static RecordingDevice v5(int receiveMaximum) {
        return new RecordingDevice(ProtocolVersion.V5, receiveMaximum);
    }

    static RecordingDevice v311() {
        return new RecordingDevice(ProtocolVersion.V3_1_1, 65_535);
    }

    List<Publish> publishes() {
        return sent.stream()
                .filter(Publish.class::isInstance)
                .map(Publish.class::cast)
                .toList();
    }

    /** Acknowledgements as {@code PUBACK 7} or {@code PUBREC 7 0x97 Quota exceeded}. */
    List<String> acks() {
        return sent.stream()
                .filter(PublishAck.class::isInstance)
                .map(PublishAck.class::cast)
                .map(RecordingDevice::asText)
                .toList();
    }

    private static String asText(PublishAck ack) {
        String code = ack.reasonCode() == ReasonCode.SUCCESS ? "" : " " + ack.reasonCode();
        return ack.type() + " " + ack.packetId() + code;
    }

    long count(PacketType type) {
        return sent.stream().filter(packet -> packet.type() == type).count();
    }

    @Override
    public ProtocolVersion version() {
        return version;
    }

    @Override
    public void send(Packet packet) {
        sent.add(packet);
    }

    @Override
    public boolean takesMore() {
        return takesMore;
    }

    @Override
    public int maximumPacketSize() {
        return 1_000;
    }

    @Override
    public int sizeOf(Packet packet) {
        return packet instanceof Publish publish ? publish.payload().size() + 10 : 10;
    }

    @Override
    public int receiveMaximum() {
        return receiveMaximum;
    }

    @Override
    public boolean wantsReasons() {
        return true;
    }

    @Override
    public void disconnect(ReasonCode reason, @Nullable String detail) {
        closedWith = reason;
    }

    @Override
    public void turnAway() {
        turnedAway = true;
    }
}
