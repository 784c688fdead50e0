// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.admin.AdminSettings;
import io.gantry.admin.AuditSettings;
import io.gantry.admin.Role;
import io.gantry.admin.TokenSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.ListenAddress;
import io.gantry.api.settings.Secret;
import io.gantry.app.Connectors;
import io.gantry.app.yaml.InvalidConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The configuration of the admin port")
class AdminKeysTest {

    @Test
    @DisplayName("has these keys for the admin port")
    void adminKeys() throws InvalidConfigException {
        String token = "t".repeat(32);
        GatewaySettings settings =
                new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read("t.yaml", """
                listeners: mqtt://127.0.0.1
                admin:
                  enabled: false
                  listen: "[::1]:9090"
                  tls: {cert: server.pem, key: server.key}
                  tokens: {alice: {token: %s, role: operator}}
                  hosts: [gantry.example]
                  audit: {file: audit.jsonl, max-size: 1MiB, keep: 3}
                """.formatted(token));

        assertThat(settings.admin().tls()).isNotNull();
        assertThat(settings.admin())
                .isEqualTo(new AdminSettings(
                        false,
                        ListenAddress.fromText("[::1]:9090"),
                        settings.admin().tls(),
                        Map.of("alice", new TokenSettings(new Secret(token), Role.OPERATOR)),
                        List.of("gantry.example"),
                        new AuditSettings("audit.jsonl", ByteSize.fromText("1MiB"), 3)));
    }
}
