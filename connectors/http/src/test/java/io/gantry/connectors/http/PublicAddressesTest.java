// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An address is public")
class PublicAddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.8.8.8",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b::7f00:1",
                "64:ff9b:1:a00:0:100:808:808",
                "2002:7f00:1::",
                "2002:a00:1::",
                "2001::1",
                "2001:db8::1",
                "4000::1"
            })
    @DisplayName("not when it is private, local or reserved, in whatever form [R11]")
    void denied(String address) throws UnknownHostException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.1.1.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.0.1",
                "198.17.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::101:101",
                "2002:101:101::",
                "2001:4860::8888"
            })
    @DisplayName("when everybody may reach it")
    void allowed(String address) throws UnknownHostException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    @DisplayName("of a name that has others too, and each time it is asked: a name that turns private is refused [C10]")
    void rebinding() throws UnknownHostException {
        InetAddress good = InetAddress.getByName("1.1.1.1");
        InetAddress bad = InetAddress.getByName("169.254.169.254");
        AtomicInteger asked = new AtomicInteger();
        PublicAddresses names = new PublicAddresses(
                host -> asked.getAndIncrement() == 0 ? new InetAddress[] {bad, good} : new InetAddress[] {bad});

        assertThat(names.addresses("api.example")).containsExactly(good);
        assertThatThrownBy(() -> names.addresses("api.example")).isInstanceOf(PublicAddresses.DeniedException.class);
        assertThat(asked).hasValue(2);
    }
}
