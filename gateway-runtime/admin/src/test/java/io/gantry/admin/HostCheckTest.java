// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The check of Host and Origin")
class HostCheckTest {
    private final HostCheck check = new HostCheck(List.of("Gantry.example", "2001:db8::7"), true);

    @DisplayName("lets in who calls by the address reached, or by a name of admin.hosts")
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:8443,10.0.0.1",
        "10.0.0.1,10.0.0.1",
        "gantry.example:8443,10.0.0.1",
        "GANTRY.EXAMPLE,2001:db8::1",
        "[2001:db8:0::1]:8443,2001:db8::1",
        "[2001:db8::7],10.0.0.1",
        "localhost,127.0.0.1"
    })
    void own(String host, String reached) throws Exception {
        assertThat(check.refusal(List.of(host), List.of(), InetAddress.getByName(reached)))
                .isEmpty();
        assertThat(check.refusal(List.of(host), List.of("https://" + host), InetAddress.getByName(reached)))
                .isEmpty();
    }

    @DisplayName("refuses other names and addresses, and those of this machine to who comes from outside")
    @ParameterizedTest
    @CsvSource({
        "evil.example,10.0.0.1",
        "x.gantry.example,10.0.0.1",
        "10.0.0.2,10.0.0.1",
        "localhost,10.0.0.1",
        "127.0.0.1,10.0.0.1",
        "0.0.0.0,10.0.0.1",
        "10.0.0.1,127.0.0.1"
    })
    void foreign(String host, String reached) throws Exception {
        assertThat(check.refusal(List.of(host), List.of(), InetAddress.getByName(reached)))
                .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(403));
    }

    @DisplayName("[G12, G15] refuses other origins")
    @ParameterizedTest
    @CsvSource({"null", "http://gantry.example", "https://gantry.example:1", "https://evil.example"})
    void origins(String origin) throws Exception {
        assertThat(check.refusal(List.of("gantry.example"), List.of(origin), InetAddress.getByName("10.0.0.1")))
                .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(403));
    }
}
