// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.security.Credentials;
import io.netty.channel.Channel;

/** What a device has shown on its connection: by TLS and by CONNECT. */
final class Shown {
    private Shown() {}

    static Credentials on(Channel channel, Admission admission) {
        return new Credentials(
                Peer.address(channel),
                admission.clientId(),
                admission.connect().username(),
                admission.connect().password(),
                PeerCertificates.of(channel));
    }
}
