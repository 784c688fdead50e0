// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * What limits and bans count as one address: an address of IPv4, or all of a network of 64 bits of IPv6, since whoever has
 * one address of that has them all.
 *
 * @param first the lowest address of it
 */
public record AddressBlock(InetAddress first) {
    private static final int NETWORK_BYTES = 8;
    private static final String NETWORK = "/64";

    public AddressBlock {
        first = lowest(first);
    }

    /**
     * Reads an address, or what {@link #toString} has written.
     *
     * @throws IllegalArgumentException when it is neither, with a text that says so
     */
    static AddressBlock fromText(String text) {
        boolean isNetwork = text.endsWith(NETWORK);
        String address = isNetwork ? text.substring(0, text.length() - NETWORK.length()) : text;
        InetAddress read = NetUtil.createInetAddressFromIpAddressString(address);
        if (read == null || (isNetwork && !(read instanceof Inet6Address))) {
            throw new IllegalArgumentException("must be an IP address, was '" + text + "'");
        }
        return new AddressBlock(read);
    }

    /** Without a zone, which is not the device's. */
    private static InetAddress lowest(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has the length of an address", impossible);
        }
    }

    /** As {@code 10.0.0.7} or {@code 2001:db8::/64}. */
    @Override
    public String toString() {
        return NetUtil.toAddressString(first) + (first instanceof Inet6Address ? NETWORK : "");
    }
}
