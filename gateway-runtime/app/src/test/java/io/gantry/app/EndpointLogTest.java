// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.admin.EndpointStatus;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is known of the endpoints")
class EndpointLogTest {

    @Test
    @DisplayName("is the last that was heard of each, in the order in which they were first heard of")
    void last() {
        EndpointLog log = new EndpointLog();

        log.changed("plant", State.WAITING, "not reached yet");
        log.changed("erp", State.WAITING, "not reached yet");
        log.changed("plant", State.CONNECTED, "");
        log.changed("erp", State.CONNECTED, "");
        log.changed("erp", State.WAITING, "connection refused");

        assertThat(log.endpoints())
                .containsExactly(
                        new EndpointStatus("plant", true, "", Map.of()),
                        new EndpointStatus("erp", false, "connection refused", Map.of()));
    }
}
