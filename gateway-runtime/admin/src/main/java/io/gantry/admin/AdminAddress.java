// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the admin port listens, as {@code 127.0.0.1:8080}, {@code localhost:8080} or {@code [::1]:8080}.
 *
 * @param host {@code localhost} or a loopback address, an IPv6 address without its brackets
 * @param port 0 to 65535; 0 takes a free one
 */
public record AdminAddress(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+):(\\d{1,5})");
    private static final Pattern LOOPBACK_IPV4 = Pattern.compile("127(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final int MAX_PORT = 65_535;

    public AdminAddress {
        if (!isLoopback(host)) {
            throw new IllegalArgumentException("must be a loopback address such as 127.0.0.1:8080, since the admin"
                    + " port has neither TLS nor authentication in this version");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("has port " + port + ", must be 0 to 65535");
        }
    }

    /**
     * Reads the form users write.
     *
     * @throws IllegalArgumentException when it is not of that form, or no loopback address
     */
    public static AdminAddress fromText(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be host:port such as 127.0.0.1:8080");
        }
        String host = form.group(1);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new AdminAddress(bare, Integer.parseInt(form.group(2)));
    }

    /** Whether this is a name or address of this machine alone; no name but {@code localhost} is looked up. */
    static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost") || LOOPBACK_IPV4.matcher(host).matches()) {
            return true;
        }
        try {
            // in brackets it is an address or nothing
            return host.indexOf(':') >= 0
                    && InetAddress.getByName("[" + host + "]").isLoopbackAddress();
        } catch (UnknownHostException malformed) {
            return false;
        }
    }

    InetSocketAddress socketAddress() {
        try {
            boolean isName = host.equalsIgnoreCase("localhost");
            InetAddress address = isName ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException bug) {
            throw new IllegalStateException("checked before", bug);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
