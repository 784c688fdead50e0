// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.settings.Secret;
import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import io.gantry.app.restart.RawConnection.Will;
import io.gantry.security.PasswordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway with users that is killed and started again")
class OwnedSessionsIT {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final String SECURITY = """
            security:
              authenticate: [{password-file: users.txt}]
              roles:
                device: {publish: ["wills/#", "plant/#"], subscribe: ["plant/#"]}
                viewer: {publish: ["wills/#", "plant/#"], subscribe: ["wills/#"]}
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "lets nobody but its owner have a session and what waits in it, and publishes only the wills that their"
                    + " owners may publish by the rules of now [A35] [A43]")
    void owners() throws Exception {
        user("ann", "device");
        user("bob", "viewer");
        List<RawConnection> lost = new ArrayList<>();
        try (GatewayChild gateway = new GatewayChild(folder, "store", SECURITY)) {
            gateway.start();
            subscribe(gateway, "pump", "ann", "plant/#");
            subscribe(gateway, "watcher", "bob", "wills/#");
            lost.add(dying(gateway, "meter", "ann", "wills/forbidden"));
            lost.add(dying(gateway, "gauge", "bob", "wills/allowed"));

            gateway.kill();
            changeRoles("device: {", "device: {deny-publish: [wills/forbidden], ");
            gateway.start();

            try (RawConnection thief = RawConnection.open(gateway.port(), Version.V5)) {
                assertThat(thief.connect("pump", null, "bob").code()).isEqualTo(NOT_AUTHORIZED);
            }
            assertThat(gateway.said()).contains("the session is that of another user");
            try (RawConnection pump = open(gateway, "pump", "ann", true)) {
                assertThat(List.of(pump.read().payload(), pump.read().payload()))
                        .containsExactly("from meter", "from gauge");
            }
            try (RawConnection watcher = open(gateway, "watcher", "bob", true)) {
                assertThat(watcher.read().topic()).isEqualTo("wills/allowed");
                watcher.publish(new Publish("wills/last", 1, false, "last"), 1, false);
                List<Arrived> rest = List.of(watcher.read(), watcher.read());
                assertThat(rest).extracting(Arrived::topic).containsExactlyInAnyOrder("", "wills/last");
            }
        } finally {
            for (RawConnection connection : lost) {
                connection.close();
            }
        }
    }

    private void user(String name, String role) throws Exception {
        new PasswordFile(folder.resolve("users.txt"))
                .set(name, new Secret(name), Set.of(role), PasswordFile.Kind.BCRYPT);
    }

    private static void subscribe(GatewayChild gateway, String clientId, String user, String filter)
            throws IOException {
        try (RawConnection connection = open(gateway, clientId, user, false)) {
            connection.subscribe(filter, 1);
            connection.disconnect();
        }
    }

    private static RawConnection open(GatewayChild gateway, String clientId, String user, boolean present)
            throws IOException {
        RawConnection connection = RawConnection.open(gateway.port(), Version.V5);
        Arrived answer = connection.connect(clientId, null, user);
        assertThat(answer.code()).isZero();
        assertThat(answer.packetId() != 0).as("Session Present").isEqualTo(present);
        return connection;
    }

    /** One that is connected when the gateway is killed, with a will that is stored, and a message for the pump. */
    private static RawConnection dying(GatewayChild gateway, String clientId, String user, String will)
            throws IOException {
        RawConnection connection = RawConnection.open(gateway.port(), Version.V5);
        assertThat(connection.connect(clientId, new Will(will, 0), user).code()).isZero();
        connection.publish(new Publish("plant/a", 1, false, "from " + clientId), 1, false);
        assertThat(connection.read().type()).isEqualTo(RawConnection.PUBACK);
        return connection;
    }

    private void changeRoles(String before, String after) throws IOException {
        Path file = folder.resolve("gantry.yaml");
        Files.writeString(file, Files.readString(file).replace(before, after));
    }
}
