// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** The addresses from which proxies connect. Any thread. */
public final class TrustedProxies {
    private final List<IpSubnetFilterRule> ranges;

    /**
     * Those in some ranges.
     *
     * @param ranges each an address, or a range as {@code 10.1.0.0/16}
     * @throws IllegalArgumentException when one is neither, with a text that says so
     */
    public TrustedProxies(List<String> ranges) {
        this.ranges = ranges.stream().map(TrustedProxies::range).toList();
    }

    private static IpSubnetFilterRule range(String text) {
        int slash = text.indexOf('/');
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        int longest = address instanceof Inet4Address ? 32 : 128;
        String bits = slash < 0 ? Integer.toString(longest) : text.substring(slash + 1);
        if (address == null || !bits.matches("\\d{1,3}") || Integer.parseInt(bits) > longest) {
            throw new IllegalArgumentException(
                    "must be IP addresses or ranges of them, as 10.0.0.7 or 10.1.0.0/16, was '" + text + "'");
        }
        return new IpSubnetFilterRule(address, Integer.parseInt(bits), IpFilterRuleType.ACCEPT);
    }

    boolean include(SocketAddress peer) {
        return peer instanceof InetSocketAddress internet && ranges.stream().anyMatch(range -> range.matches(internet));
    }
}
