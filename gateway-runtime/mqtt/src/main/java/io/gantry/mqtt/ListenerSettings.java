// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.mqtt.connection.TrustedProxies;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One entry under {@code listeners:}. Written short as the URL alone. */
@Description("An address on which devices connect.")
public record ListenerSettings(
        @Description(
                "Where devices connect: `mqtt://host:port` for TCP, `ws://host:port/path` for WebSocket (sub-protocol `mqtt`);"
                        + " with TLS `mqtts` and `wss`. When left out, the port is 1883 for `mqtt`, 8883 for `mqtts`, 8083 for"
                        + " `ws` and 8084 for `wss`, and the path is `/mqtt`; port 0 takes a free one.")
        ListenerUrl url,

        @Description("Certificates of an `mqtts` or `wss` listener, which needs them.") @Nullable ServerTlsSettings tls,

        @Description(
                "Largest MQTT packet taken from a device; a longer one closes the connection as soon as its length is"
                        + " known. MQTT 5 devices are told. 1KiB to 256MiB.")
        @DefaultValue("256KiB")
        ByteSize maxPacketSize,

        @Description("How long a connection may take from TCP accept to a complete CONNECT packet.")
        @DefaultValue("10s")
        Duration connectTimeout,

        @Description("Connections open at the same time on this listener; more are closed at once.")
        @DefaultValue("100000")
        int maxConnections,

        @Description(
                "Connections open at the same time from one address (of IPv6, a network of 64 bits); more are closed at"
                        + " once.")
        @DefaultValue("1000")
        int maxConnectionsPerAddress,

        @Description(
                "Web pages that may connect to a `ws` or `wss` listener, each as the browser names it in the Origin header:"
                        + " `https://panel.example`; `*` stands for any page. A request with another Origin is refused"
                        + " (HTTP 403). Needs no entry: a client without Origin, and one that names the gateway's own address"
                        + " as such (`http://10.0.0.7:8083`), as some clients that are no browser do; when they reach the"
                        + " gateway by a name, list it (`http://gantry.example:8083`).")
        @DefaultValue("[]")
        List<String> allowedOrigins,

        @Description("How long a packet may take from its first byte to its last; one that comes more slowly closes the"
                + " connection. The time in which the gateway does not read does not count.")
        @DefaultValue("1m")
        Duration packetTimeout,

        @Description("Connections accepted per second; those that come faster wait to be accepted, in a queue of the"
                + " operating system. 0 for no limit.")
        @DefaultValue("2000")
        int maxAcceptRate,

        @Description(
                "Connections accepted per second from one address (of IPv6, a network of 64 bits); more are closed at"
                        + " once. 0 for no limit.")
        @DefaultValue("1000")
        int maxAcceptRatePerAddress,

        @Description(
                "Whether each connection begins with a header of the PROXY protocol, version 1 or 2, in which a proxy"
                        + " says where the device connects from: limits, bans, authentication and logs then go by that address. A"
                        + " connection without such a header, and one from elsewhere than `trusted-proxies`, is closed.")
        @DefaultValue("false")
        boolean proxyProtocol,

        @Description("The proxies, which alone may connect when proxy-protocol is `true`: addresses or ranges,"
                + " `10.0.0.7`, `10.1.0.0/16`, `2001:db8::/32`.")
        @DefaultValue("[]")
        List<String> trustedProxies) {
    private static final Pattern ORIGIN = Pattern.compile("\\*|[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@\\s]+");

    public ListenerSettings {
        checkTls(url, tls);
        if (maxPacketSize.bytes() < 1024 || maxPacketSize.bytes() > 268_435_455) {
            throw new InvalidSettingException("max-packet-size", "must be 1KiB to 256MiB, was " + maxPacketSize);
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new InvalidSettingException("connect-timeout", "must be longer than 0s");
        }
        if (packetTimeout.isNegative() || packetTimeout.isZero() || packetTimeout.toDays() > 1) {
            throw new InvalidSettingException("packet-timeout", "must be longer than 0s, and at most 1d");
        }
        if (maxAcceptRate < 0) {
            throw new InvalidSettingException("max-accept-rate", "must be at least 0, was " + maxAcceptRate);
        }
        if (maxAcceptRatePerAddress < 0) {
            throw new InvalidSettingException(
                    "max-accept-rate-per-address", "must be at least 0, was " + maxAcceptRatePerAddress);
        }
        if (maxConnectionsPerAddress < 1) {
            throw new InvalidSettingException(
                    "max-connections-per-address", "must be at least 1, was " + maxConnectionsPerAddress);
        }
        if (maxConnections < 1) {
            throw new InvalidSettingException("max-connections", "must be at least 1, was " + maxConnections);
        }
        allowedOrigins = List.copyOf(allowedOrigins);
        if (!allowedOrigins.isEmpty() && !url.transport().isWebSocket()) {
            throw new InvalidSettingException(
                    "allowed-origins", "is for ws:// and wss:// listeners, this one is " + url + "; expected none");
        }
        trustedProxies = List.copyOf(trustedProxies);
        checkProxies(proxyProtocol, trustedProxies);
        for (String origin : allowedOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new InvalidSettingException(
                        "allowed-origins", "must be scheme://host or scheme://host:port or *, was '" + origin + "'");
            }
        }
    }

    private static void checkTls(ListenerUrl url, @Nullable ServerTlsSettings tls) {
        if (url.transport().isTls() == (tls == null)) {
            throw new InvalidSettingException(
                    "tls",
                    tls == null
                            ? "must be given for " + url + ", with cert and key"
                            : "is for mqtts:// and wss:// listeners, this one is " + url + "; expected none");
        }
    }

    private static void checkProxies(boolean expected, List<String> trusted) {
        if (expected == trusted.isEmpty()) {
            throw new InvalidSettingException(
                    "trusted-proxies",
                    expected
                            ? "must be given when proxy-protocol is true: the addresses of the proxies"
                            : "is for proxy-protocol: true; expected none");
        }
        try {
            new TrustedProxies(trusted);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidSettingException("trusted-proxies", String.valueOf(wrong.getMessage()));
        }
    }
}
