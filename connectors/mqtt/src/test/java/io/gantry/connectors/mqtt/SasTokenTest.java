// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A shared access signature of Azure")
class SasTokenTest {
    /** Of azure-iot-cli-extension, TestSasTokenAuth.test_generate_sas_token; no key of anything that exists. */
    private static final byte[] KEY = SasToken.decoded(new Secret("+XLy+MVZ+aTeOnVzN2kLeB16O+kSxmz6g3rS6fAf6rw="));

    @Test
    @DisplayName("is what Azure's command line makes of the same key (azure-iot-cli-extension, TestSasTokenAuth)")
    void asTheCommandLine() {
        assertThat(SasToken.of("iot-hub-for-test.azure-devices.net/devices/iot-device-for-test", KEY, 1_471_940_363)
                        .reveal())
                .isEqualTo("SharedAccessSignature"
                        + " sr=iot-hub-for-test.azure-devices.net%2Fdevices%2Fiot-device-for-test"
                        + "&sig=SIumZ1ACqqPJZ2okHDlW9MSYKykEpqsQY3z6FMOICd4%3D&se=1471940363");
        assertThat(SasToken.of("iot-hub-for-test.azure-devices.net", KEY, 1_471_940_363)
                        .reveal())
                .contains("&sig=770sPjjYxRYpNz8%2FhEN7XR5XU5KDGYGTinSP8YyeTXw%3D&");
    }

    @Test
    @DisplayName("is signed as by Azure's library for Node (azure-iot-sdk-node, common/core, authorization test)")
    void asTheNodeLibrary() {
        assertThat(SasToken.signature("password".getBytes(UTF_8), "string-to-sign"))
                .isEqualTo("o1n1hiIVgzVA2+krq9ty1Z4xsIJKJZP3dYT8MOi65Y4=");
    }

    @Test
    @DisplayName("is never printed, nor is a key that is none")
    void secret() {
        assertThat(SasToken.of("hub/devices/d", KEY, 1)).hasToString("[hidden]");
        assertThatThrownBy(() -> SasToken.decoded(new Secret("canary!")))
                .hasMessageContaining("Base64")
                .hasMessageNotContaining("canary")
                .hasNoCause();
        assertThatThrownBy(() -> SasToken.decoded(new Secret(""))).hasMessageContaining("empty");
    }
}
