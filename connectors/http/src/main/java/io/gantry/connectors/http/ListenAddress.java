// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an endpoint listens, as {@code 127.0.0.1:8081}, {@code localhost:8081} or {@code [::1]:8081}.
 *
 * @param host {@code localhost} or an address of this machine, an IPv6 address without its brackets
 * @param port 0 to 65535; 0 takes a free one
 */
public record ListenAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+):(\\d{1,5})");
    private static final Pattern IPV4 =
            Pattern.compile("(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final int MAX_PORT = 65_535;

    /**
     * Reads the form users write.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static ListenAddress fromText(String text) {
        if (text.startsWith("https:")) {
            throw new IllegalArgumentException("must be host:port: https is what tls makes of it");
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be host:port such as 127.0.0.1:8081");
        }
        String host = form.group(1);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = Integer.parseInt(form.group(2));
        if (port > MAX_PORT) {
            throw new IllegalArgumentException("has port " + port + ", must be 0 to 65535");
        }
        if (literal(bare) == null && !bare.equalsIgnoreCase("localhost")) {
            throw new IllegalArgumentException(
                    "must begin with an address of this machine or localhost: other names" + " are not looked up");
        }
        return new ListenAddress(bare, port);
    }

    /** Whether only this machine can reach it. */
    boolean isLoopback() {
        return isLoopback(host);
    }

    /** Whether this is a name or address of this machine alone; no name but {@code localhost} is taken for one. */
    static boolean isLoopback(String host) {
        InetAddress address = literal(host);
        return address == null ? host.equalsIgnoreCase("localhost") : address.isLoopbackAddress();
    }

    /** The address to bind, in digits. */
    String bindHost() {
        return host.equalsIgnoreCase("localhost")
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : host;
    }

    /** An address in digits; null for anything that would have to be looked up. */
    private static @Nullable InetAddress literal(String host) {
        try {
            if (host.indexOf(':') >= 0) {
                // in brackets it is an address or nothing
                return InetAddress.getByName("[" + host + "]");
            }
            return IPV4.matcher(host).matches() ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException malformed) {
            return null;
        }
    }

    ListenAddress withPort(int actual) {
        return new ListenAddress(host, actual);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
