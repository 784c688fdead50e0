// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import io.gantry.app.restart.RawConnection.Will;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A gateway that is started again")
class RestartIT {

    @TempDir
    private Path folder;

    private GatewayChild gateway;

    @BeforeEach
    void prepare() throws IOException {
        gateway = new GatewayChild(folder);
    }

    @AfterEach
    void end() throws InterruptedException {
        gateway.close();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName("after SIGTERM has the sessions, subscriptions, queued and retained messages it had")
    void everythingIsThereAgain(Version version) throws Exception {
        gateway.start();
        try (RawConnection device = open("away", version, false)) {
            device.subscribe("plant/#", 2);
            device.disconnect();
        }
        try (RawConnection sender = open("sender", version, false)) {
            publish(sender, new Publish("plant/a", 1, true, "queued and retained"));
            publish(sender, new Publish("plant/b", 2, false, "queued"));
            sender.disconnect();
        }

        int exit = gateway.stop();
        List<String> said = gateway.start();

        assertThat(exit).isZero();
        assertThat(said).contains("store store: sessions 2");
        try (RawConnection device = open("away", version, true);
                RawConnection sender = open("sender", version, true)) {
            assertMessage(device.read(), "plant/a", "queued and retained", false);
            assertMessage(device.read(), "plant/b", "queued", false);
            publish(sender, new Publish("plant/c", 1, false, "subscribed still"));
            assertMessage(device.read(), "plant/c", "subscribed still", false);
        }
        try (RawConnection newcomer = open("newcomer", version, false)) {
            newcomer.subscribe("plant/+", 1);
            assertMessage(newcomer.read(), "plant/a", "queued and retained", true);
        }
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-8] publishes the Will Message of a device that was connected when it was killed")
    void willIsPublished() throws Exception {
        gateway.start();
        try (RawConnection watcher = open("watcher", Version.V5, false)) {
            watcher.subscribe("wills/#", 1);
        }
        try (RawConnection device = RawConnection.open(gateway.port(), Version.V5)) {
            device.connect("device", new Will("wills/device", 1));
            // a PUBREC means that its message is stored, and so is all that came before: the will too
            publish(device, new Publish("plant/a", 2, false, "alive"));

            gateway.kill();
        }
        gateway.start();

        try (RawConnection watcher = open("watcher", Version.V5, true)) {
            assertMessage(watcher.read(), "wills/device", "wills/device", false);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @DisplayName(
            "after SIGKILL has each subscription, its end, each Retained Message and its end that was acknowledged")
    void acknowledgedChangesHold(Version version) throws Exception {
        gateway.start();
        try (RawConnection device = open("device", version, false)) {
            device.subscribe("gone/#", 1);
            device.subscribe("kept/#", 1);
            publish(device, new Publish("state/a", 1, true, "deleted"));
            publish(device, new Publish("state/b", 1, true, "kept"));
            publish(device, new Publish("state/a", 1, true, ""));
            device.unsubscribe("gone/#");

            gateway.kill();
        }
        gateway.start();

        try (RawConnection device = open("device", version, true)) {
            publish(device, new Publish("gone/a", 1, false, "not for it"));
            publish(device, new Publish("state/c", 1, true, "after it"));
            device.subscribe("state/#", 1);
            List<Arrived> retained = List.of(device.read(), device.read());
            assertThat(retained).extracting(Arrived::payload).containsExactlyInAnyOrder("kept", "after it");
            device.publish(new Publish("kept/a", 1, false, "for it"), 1, false);
            List<Arrived> answers = List.of(device.read(), device.read());
            assertThat(answers).extracting(Arrived::payload).containsExactlyInAnyOrder("", "for it");
        }
    }

    @Test
    @DisplayName("is refused a store that another process has open: it says which, and ends with 1")
    void storeInUse() throws Exception {
        gateway.start();

        String complaint = gateway.startAndEnd(1);

        assertThat(complaint).contains("gantry: the store " + gateway.store() + " is in use by process ");
    }

    @Test
    @DisplayName("ends with 1 when it may not write to its store's directory, and says so")
    void storeIsReadOnly() throws Exception {
        Path store = Files.createDirectory(gateway.store());
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(store), "this user may write anywhere");

        String complaint = gateway.startAndEnd(1);

        assertThat(complaint).contains("gantry: ").contains("store");
    }

    private RawConnection open(String clientId, Version version, boolean present) throws IOException {
        RawConnection connection = RawConnection.open(gateway.port(), version);
        assertThat(connection.connect(clientId, null)).as("Session Present").isEqualTo(present);
        return connection;
    }

    private static void publish(RawConnection connection, Publish publish) throws IOException {
        connection.publish(publish, 1, false);
        Arrived answer = connection.read();
        assertThat(answer.code()).isLessThan(0x80);
        if (publish.qos() == 2) {
            connection.acknowledge(RawConnection.PUBREL, 1);
            assertThat(connection.read().type()).isEqualTo(RawConnection.PUBCOMP);
        }
    }

    private static void assertMessage(Arrived message, String topic, String payload, boolean retained) {
        assertThat(message.type()).isEqualTo(RawConnection.PUBLISH);
        assertThat(message.topic()).isEqualTo(topic);
        assertThat(message.payload()).isEqualTo(payload);
        assertThat(message.retain()).isEqualTo(retained);
    }
}
