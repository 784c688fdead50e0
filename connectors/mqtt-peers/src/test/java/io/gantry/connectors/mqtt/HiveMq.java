// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A HiveMQ CE in this process, by TCP, WebSocket and both over TLS, that can be stopped and started again and keeps its
 * sessions on disk. Who gives a user name is let in as {@code gw} with {@code secret} only.
 */
final class HiveMq implements AutoCloseable {
    private static final int SECONDS = 180;
    private static final String LISTENER = "<%1$s><port>%2$d</port><bind-address>127.0.0.1</bind-address>%3$s</%1$s>%n";

    private final int tcp = LoopbackPorts.free();
    private final int webSocket = LoopbackPorts.free();
    private final int tls = LoopbackPorts.free();
    private final int webSocketTls = LoopbackPorts.free();
    private final Path directory;
    private final TestCertificates authority;
    private @Nullable EmbeddedHiveMQ broker;

    private HiveMq(Path directory) {
        this.directory = directory;
        this.authority = TestCertificates.in(directory);
    }

    static HiveMq start(Path directory) {
        // Made for millions of sessions; so few files are opened and closed sooner.
        InternalConfigurations.PERSISTENCE_BUCKET_COUNT.set(2);
        InternalConfigurations.PAYLOAD_PERSISTENCE_BUCKET_COUNT.set(2);
        InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(100);
        HiveMq hiveMq = new HiveMq(directory);
        try {
            for (String folder : new String[] {"conf", "data", "extensions"}) {
                Files.createDirectories(directory.resolve(folder));
            }
            Files.writeString(directory.resolve("conf").resolve("config.xml"), hiveMq.config());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        hiveMq.restart();
        return hiveMq;
    }

    private String config() {
        String secure = """
                <tls><keystore><path>%1$s</path><password>%2$s</password>\
                <private-key-password>%2$s</private-key-password></keystore></tls>""".formatted(authority.server("localhost").store(), TestCertificates.PASSWORD);
        String path = "<path>/peers/mqtt</path>";
        return "<hivemq><listeners>"
                + LISTENER.formatted("tcp-listener", tcp, "")
                + LISTENER.formatted("websocket-listener", webSocket, path)
                + LISTENER.formatted("tls-tcp-listener", tls, secure)
                + LISTENER.formatted("tls-websocket-listener", webSocketTls, path + secure)
                + "</listeners><persistence><mode>file</mode></persistence>"
                + "<anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics></hivemq>";
    }

    /** Where it listens by {@code mqtt}, {@code mqtts}, {@code ws} or {@code wss}; its certificate is for {@code localhost}. */
    String url(String scheme) {
        return switch (scheme) {
            case "mqtt" -> "mqtt://localhost:" + tcp;
            case "mqtts" -> "mqtts://localhost:" + tls;
            case "ws" -> "ws://localhost:" + webSocket + "/peers/mqtt";
            case "wss" -> "wss://localhost:" + webSocketTls + "/peers/mqtt";
            default -> throw new IllegalArgumentException(scheme);
        };
    }

    /** By TCP. */
    String url() {
        return url("mqtt");
    }

    /** Settings by which its certificate is trusted. */
    TlsSettings trust() {
        return new TlsSettings(authority.authority().toString(), null, null, null);
    }

    void restart() {
        EmbeddedHiveMQ starting = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(directory.resolve("conf"))
                .withDataFolder(directory.resolve("data"))
                .withExtensionsFolder(directory.resolve("extensions"))
                .withEmbeddedExtension(passwords())
                .withoutLoggingBootstrap()
                .build();
        broker = starting;
        try {
            starting.start().get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("HiveMQ does not start", failure);
        }
    }

    private static EmbeddedExtension passwords() {
        return EmbeddedExtension.builder()
                .withId("passwords")
                .withName("passwords")
                .withVersion("1")
                .withExtensionMain(new Passwords())
                .build();
    }

    /** Ends it in an orderly way: it writes its sessions down. */
    void stop() {
        EmbeddedHiveMQ running = broker;
        if (running == null) {
            return;
        }
        broker = null;
        try {
            running.close();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("HiveMQ does not stop", failure);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private static final class Passwords implements ExtensionMain {
        @Override
        public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
            SimpleAuthenticator authenticator = (connect, answer) -> {
                if (isWelcome(connect.getConnectPacket())) {
                    answer.authenticateSuccessfully();
                } else {
                    answer.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
                }
            };
            Services.securityRegistry().setAuthenticatorProvider(about -> authenticator);
        }

        private static boolean isWelcome(ConnectPacket connect) {
            return connect.getUserName().isEmpty()
                    || connect.getUserName().get().equals("gw")
                            && connect.getPassword().equals(Optional.of(ByteBuffer.wrap("secret".getBytes(UTF_8))));
        }

        @Override
        public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
            // Nothing is held open.
            return;
        }
    }
}
