// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Leaves of a name's addresses those that everybody may reach. It is asked at each connection, and what it leaves is
 * connected to, so that a name which leads elsewhere the next time gains nothing.
 */
final class PublicAddresses implements HostLookup.Names {
    private final HostLookup.Names names;

    PublicAddresses(HostLookup.Names names) {
        this.names = names;
    }

    /** A name that leads to private, local or reserved addresses alone. */
    static final class DeniedException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        DeniedException(String host) {
            super(host);
        }
    }

    @Override
    public InetAddress[] addresses(String host) throws UnknownHostException {
        InetAddress[] left = Arrays.stream(names.addresses(host))
                .filter(PublicAddresses::isPublic)
                .toArray(InetAddress[]::new);
        if (left.length == 0) {
            throw new DeniedException(host);
        }
        return left;
    }

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] bytes, int from) {
        int a = bytes[from] & 0xFF;
        int b = bytes[from + 1] & 0xFF;
        int c = bytes[from + 2] & 0xFF;
        boolean isPrivate = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
        boolean isLocal = a == 0 || a == 127 || (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128) || a >= 224;
        boolean isReserved = (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 198 && (b == 18 || b == 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113);
        return !isPrivate && !isLocal && !isReserved;
    }

    /** Global unicast without what only carries an IPv4 address that nobody has checked. */
    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
        int second = (bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF);
        if (first == 0x0064 && second == 0xFF9B) {
            return isWellKnown(bytes) && isPublic4(bytes, 12);
        }
        if (first == 0x2002) {
            return isPublic4(bytes, 2);
        }
        boolean isGlobal = first >= 0x2000 && first < 0x4000;
        boolean isReserved = first == 0x2001 && (second < 0x0200 || second == 0x0DB8);
        return isGlobal && !isReserved;
    }

    /** Whether the IPv4 address is the last four bytes [RFC 6052]; in prefixes of one's own it may stand elsewhere. */
    private static boolean isWellKnown(byte[] bytes) {
        for (int i = 4; i < 12; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
