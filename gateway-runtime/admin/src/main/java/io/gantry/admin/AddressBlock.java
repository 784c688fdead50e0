// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one caller's address: an address of IPv4, or a network of 64 bits of IPv6, as who has one address of it has
 * all 2^64.
 *
 * @param prefix its first bytes
 */
record AddressBlock(ByteBuffer prefix) {

    static AddressBlock of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new AddressBlock(
                address instanceof Inet6Address ? ByteBuffer.wrap(bytes, 0, 8) : ByteBuffer.wrap(bytes));
    }
}
