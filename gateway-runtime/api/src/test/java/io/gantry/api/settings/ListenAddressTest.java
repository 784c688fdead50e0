// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The address of a server of HTTP")
class ListenAddressTest {

    @DisplayName("is an address of this machine or localhost, with a port")
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080,127.0.0.1,8080",
        "127.10.0.9:0,127.10.0.9,0",
        "localhost:65535,localhost,65535",
        "[::1]:8080,::1,8080",
        "0.0.0.0:1,0.0.0.0,1",
        "10.0.0.1:8443,10.0.0.1,8443",
        "[::]:1,::,1",
        "128.0.0.1:1,128.0.0.1,1"
    })
    void read(String text, String host, int port) {
        ListenAddress address = ListenAddress.fromText(text);

        assertThat(address).isEqualTo(new ListenAddress(host, port)).hasToString(text);
        assertThat(address.isLoopback())
                .isEqualTo(host.equals("localhost") || host.equals("::1") || host.startsWith("127."));
        assertThat(address.socketAddress().getAddress().isLoopbackAddress()).isEqualTo(address.isLoopback());
    }

    @DisplayName("is no name that has to be looked up")
    @ParameterizedTest
    @ValueSource(strings = {"example.com:1", "127.1:1", "localhost.example:1", "256.0.0.1:1"})
    void refused(String text) {
        assertThatThrownBy(() -> ListenAddress.fromText(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must begin with an address of this machine or localhost: other names are not looked up");
    }

    @DisplayName("has that form and no other")
    @ParameterizedTest
    @ValueSource(
            strings = {"", "8080", "127.0.0.1", "127.0.0.1:", ":8080", "::1:8080", "http://127.0.0.1:1", "127.0.0.1:1/x"
            })
    void malformed(String text) {
        assertThatThrownBy(() -> ListenAddress.fromText(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be host:port such as 127.0.0.1:8080");
    }

    @DisplayName("is not what tls makes of it")
    @Test
    void https() {
        assertThatThrownBy(() -> ListenAddress.fromText("https://127.0.0.1:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be host:port: https is what tls makes of it");
    }

    @DisplayName("has a port that there is")
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:65536", "127.0.0.1:99999"})
    void port(String text) {
        assertThatThrownBy(() -> ListenAddress.fromText(text)).hasMessageContaining("must be 0 to 65535");
    }
}
