// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server of HTTP listens, as {@code 127.0.0.1:8080}, {@code localhost:8080} or {@code [::1]:8080}.
 *
 * @param host {@code localhost} or an address of this machine, an IPv6 address without its brackets
 * @param port 0 to 65535; 0 takes a free one
 */
public record ListenAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+):(\\d{1,5})");
    private static final Pattern IPV4 =
            Pattern.compile("(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final int MAX_PORT = 65_535;

    public ListenAddress {
        if (literal(host) == null && !host.equalsIgnoreCase("localhost")) {
            throw new IllegalArgumentException(
                    "must begin with an address of this machine or localhost: other names are not looked up");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("has port " + port + ", must be 0 to 65535");
        }
    }

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
            throw new IllegalArgumentException("must be host:port such as 127.0.0.1:8080");
        }
        String host = form.group(1);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ListenAddress(bare, Integer.parseInt(form.group(2)));
    }

    /** Whether only this machine can reach it. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    /** Whether it stands for all addresses of this machine. */
    public boolean isAny() {
        return socketAddress().getAddress().isAnyLocalAddress();
    }

    /** Whether this is a name or address of this machine alone; no name but {@code localhost} is taken for one. */
    public static boolean isLoopback(String host) {
        InetAddress address = literal(host);
        return address == null ? host.equalsIgnoreCase("localhost") : address.isLoopbackAddress();
    }

    /** An address in digits; null for anything that would have to be looked up. */
    public static @Nullable InetAddress literal(String host) {
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

    /** What to bind to. */
    public InetSocketAddress socketAddress() {
        InetAddress address = literal(host);
        return new InetSocketAddress(address == null ? InetAddress.getLoopbackAddress() : address, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
