// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The answer of a token server")
class TokenSourceTest {

    @Test
    @DisplayName("holds a token and how long it lives; five minutes when it does not say, and never too long")
    void read() throws IOException {
        assertThat(TokenSource.read("{\"access_token\": \"a.b-c_d~e+f/g==\", \"expires_in\": 60}", 1_000))
                .isEqualTo(new TokenSource.Token("a.b-c_d~e+f/g==", 1_000, 61_000))
                .hasToString("[hidden]");
        assertThat(TokenSource.read("{\"access_token\": \"x\", \"expires_in\": \"60\"}", 0)
                        .endMillis())
                .isEqualTo(60_000);
        assertThat(TokenSource.read("{\"access_token\": \"x\"}", 0).endMillis()).isEqualTo(300_000);
        assertThat(TokenSource.read("{\"access_token\": \"x\", \"expires_in\": 9223372036854775807}", 0)
                        .endMillis())
                .isEqualTo(30L * 86_400_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary",
                "[]",
                "{}",
                "{\"access_token\": 7}",
                "{\"access_token\": \"\"}",
                "{\"access_token\": \"canary\\u0001auth=x\"}",
                "{\"access_token\": \"canary\", \"expires_in\": \"soon\"}",
                "{\"access_token\": \"canary\""
            })
    @DisplayName("is refused without quoting it when it holds no token, or one that could say more than a token")
    void refused(String json) {
        assertThatThrownBy(() -> TokenSource.read(json, 0))
                .isInstanceOf(IOException.class)
                .hasMessage("the token server's answer holds no token")
                .hasNoCause();
    }
}
