// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Listeners on a free port of the loopback address, which take connections as fast as they come unless a test says otherwise. */
public final class TestListeners {
    private TestListeners() {}

    /** Of plain TCP. */
    public static ListenerSettings plain() {
        return on("mqtt", null);
    }

    static ListenerSettings on(String scheme, @Nullable ServerTlsSettings tls) {
        return listener(scheme, tls, 0, 0, List.of());
    }

    /** Of plain TCP, which accepts so many connections per second. */
    public static ListenerSettings withAcceptRate(int perSecond) {
        return listener("mqtt", null, perSecond, 0, List.of());
    }

    /** Of plain TCP, which accepts so many connections per second from one address. */
    public static ListenerSettings withAcceptRatePerAddress(int perSecond) {
        return listener("mqtt", null, 0, perSecond, List.of());
    }

    /** Of plain TCP, where proxies say who connects. */
    public static ListenerSettings behind(List<String> proxies) {
        return listener("mqtt", null, 0, 0, proxies);
    }

    private static ListenerSettings listener(
            String scheme,
            @Nullable ServerTlsSettings tls,
            int acceptRate,
            int acceptRatePerAddress,
            List<String> proxies) {
        String url = scheme + "://" + InetAddress.getLoopbackAddress().getHostAddress() + ":0";
        return new ListenerSettings(
                ListenerUrl.fromText(url),
                tls,
                new ByteSize(256 << 10),
                Duration.ofSeconds(60),
                1_000,
                1_000,
                List.of(),
                Duration.ofMinutes(1),
                acceptRate,
                acceptRatePerAddress,
                !proxies.isEmpty(),
                proxies);
    }
}
