// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.Connectors;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An authenticator of certificates")
class UnaskedCertificatesTest {
    private static final String TLS = "listeners: {url: mqtts://127.0.0.1, tls: {cert: c.pem, key: k.pem%s}}\n";
    private static final String SECURITY =
            "security: {authenticate: [{password-file: u.txt}, {certificate: {identity: cn}}], roles: {d: {}}}\n";

    @Test
    @DisplayName("is refused where nobody is asked for one")
    void nobody() {
        String refusal =
                "g.yaml:2:65: certificate: nobody is asked for one: expected a listener with tls: {client-ca: FILE}";

        assertThat(errorsIn("listeners: mqtt://127.0.0.1\n" + SECURITY)).containsExactly(refusal);
        assertThat(errorsIn(TLS.formatted("") + SECURITY)).containsExactly(refusal);
    }

    @Test
    @DisplayName("is taken where a listener has authorities, or callers of an endpoint come under security")
    void somebody() {
        assertThat(errorsIn(TLS.formatted(", client-ca: ca.pem") + SECURITY)).isEmpty();
        assertThat(errorsIn("listeners: mqtt://127.0.0.1\n" + SECURITY
                        + "endpoints: {web: {http: {listen: {address: '127.0.0.1:8443', topics: /topics, security: true,"
                        + " tls: {cert: c.pem, key: k.pem, client-ca: ca.pem}}}}}\n"))
                .isEmpty();
    }

    private static List<String> errorsIn(String yaml) {
        try {
            new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read("g.yaml", yaml);
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems().stream().map(Problem::toString).toList();
        }
    }
}
