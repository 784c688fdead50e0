// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.mqtt.packet.ProtocolVersion;

/** Two devices whose sessions stay, with a Will Message each. All they are sent is read, so it must be whole packets. */
final class TwoDevices {
    private final TestServer server;
    private final ProtocolVersion[] versions;
    private final TestDevice[] devices = new TestDevice[2];
    private int answered;

    TwoDevices(TestServer server, ProtocolVersion first, ProtocolVersion second) {
        this.server = server;
        this.versions = new ProtocolVersion[] {first, second};
        connect(0);
        connect(1);
    }

    private void connect(int device) {
        String clientId = "device-" + device;
        devices[device] =
                server.connected(Connecting.resuming(versions[device], clientId).will(1, true, "a/will", clientId));
    }

    void send(int device, String hex) {
        if (devices[device].isOpen()) {
            devices[device].sends(hex);
            devices[device].hears();
        }
    }

    /** The network connection breaks, and the device comes again. */
    void reconnect(int device) {
        devices[device].vanishes();
        devices[device].hears();
        connect(device);
    }

    /** The first device takes what it is sent, or takes nothing more. */
    void take(boolean more) {
        if (devices[0].isOpen()) {
            devices[0].takes(more);
        }
    }

    /** A route answers what it was offered first. */
    void isAnswered(Delivery delivery) {
        if (answered < server.owed.size()) {
            server.answers(answered, delivery);
            answered++;
        }
    }

    /** Nothing is in the way any longer, and nothing more is sent. */
    void end() {
        take(true);
        while (answered < server.owed.size()) {
            isAnswered(Delivery.accepted());
        }
        server.pass(30_000);
        for (TestDevice device : devices) {
            device.hears();
            assertThat(device.isOpen()).isFalse();
        }
    }
}
