// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Listeners on a free port of the loopback address, which take connections as fast as they come. */
final class TestListeners {
    private TestListeners() {}

    static ListenerSettings on(String scheme, @Nullable ServerTlsSettings tls) {
        return new ListenerSettings(
                ListenerUrl.fromText(
                        scheme + "://" + InetAddress.getLoopbackAddress().getHostAddress() + ":0"),
                tls,
                new ByteSize(64 * 1_024),
                Duration.ofSeconds(60),
                1_000,
                1_000,
                List.of(),
                Duration.ofMinutes(1),
                0,
                0,
                false,
                List.of());
    }
}
