// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/** The device at the other end of a session, while it is connected. Used on the session's thread only. */
public interface Device {

    ProtocolVersion version();

    /** Sends a packet, soon; in the order of the calls. */
    void send(Packet packet);

    /** False while the device is slower than what it is sent: only what must be sent should be. */
    boolean takesMore();

    /** The largest packet the device takes, in bytes with its fixed header. */
    int maximumPacketSize();

    /** The size of a packet on the wire to this device, in bytes with its fixed header. */
    int sizeOf(Packet packet);

    /** The device's Receive Maximum, 1 to 65,535. */
    int receiveMaximum();

    /** Whether the device wants Reason Strings. */
    boolean wantsReasons();

    /** Ends the connection; a 5.0 device is told why. */
    void disconnect(ReasonCode reason, @Nullable String detail);

    /** Stops reading and ends the connection after a while: what it sent cannot be taken now, and it must keep it. */
    void turnAway();
}
