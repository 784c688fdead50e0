// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What counts as one address")
class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,192.0.2.1",
        "2001:DB8:0:1::7,2001:db8:0:1::/64",
        "2001:db8:0:1:ffff:ffff:ffff:ffff,2001:db8:0:1::/64",
        "2001:db8:0:2::7,2001:db8:0:2::/64",
        "::ffff:192.0.2.1,192.0.2.1",
        "::1,::/64",
        "2001:db8:0:1::/64,2001:db8:0:1::/64"
    })
    @DisplayName(
            "is an address of IPv4, also within IPv6, or a network of 64 bits of IPv6, and can be read as it is printed")
    void forms(String text, String printed) {
        assertThat(AddressBlock.fromText(text)).hasToString(printed);
        assertThat(AddressBlock.fromText(printed)).isEqualTo(AddressBlock.fromText(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway.example", "", "192.0.2.0/24", "192.0.2.1/64", "2001:db8::/48", "/64"})
    @DisplayName("is no name and no other range")
    void none(String text) {
        assertThatThrownBy(() -> AddressBlock.fromText(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be an IP address, was '" + text + "'");
    }
}
