// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gantry.api.files.FollowedFiles;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.security.RoleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

@DisplayName("The file of a running gateway, when it changes,")
class FollowedConfigTest {
    private static final String YAML = """
            listeners: mqtt://127.0.0.1
            security:
              anonymous: true
              anonymous-roles: guest
              roles:
                guest: {publish: a}
            """;

    private final Logger logger = (Logger) LoggerFactory.getLogger(FollowedConfig.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Map<String, RoleSettings>> taken = new ArrayList<>();

    @TempDir
    private Path folder;

    private int readings;
    private long time = 1_000_000_000_000L;

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    @DisplayName("is read again, and not before")
    void once() throws Exception {
        FollowedConfig followed = follow(YAML);

        followed.look();
        assertThat(readings).isOne();

        write(YAML.replace("publish: a", "publish: b"));
        followed.look();
        assertThat(readings).isEqualTo(2);
    }

    @Test
    @DisplayName("gives its roles to who is connected, and says so once")
    void roles() throws Exception {
        FollowedConfig followed = follow(YAML);

        write(YAML.replace("publish: a", "publish: b"));
        followed.look();
        followed.look();

        assertThat(taken).singleElement().satisfies(roles -> assertThat(roles.get("guest"))
                .hasToString("RoleSettings[publish=[b], subscribe=[], denyPublish=[], denySubscribe=[]]"));
        assertThat(lines())
                .containsExactly("access rules changed, connected devices are judged by the new ones [guest]");
    }

    @Test
    @DisplayName("[B23] keeps the old roles while it is wrong, and says where it is")
    void wrong() throws Exception {
        FollowedConfig followed = follow(YAML);

        write(YAML.replace("publish: a", "publish: a/#/b"));
        followed.look();
        followed.look();

        assertThat(taken).isEmpty();
        assertThat(lines()).singleElement().asString().contains("g.yaml:6:22: publish: 'a/#/b' is not a Topic Filter");

        write(YAML.replace("publish: a", "publish: c"));
        followed.look();

        assertThat(taken).hasSize(1);
    }

    @Test
    @DisplayName("a thousand times, now and then to something wrong, ends with the roles it was given last")
    void oftenChanged() throws Exception {
        // a thousand lines say nothing to who reads the build's output
        logger.setAdditive(false);
        FollowedConfig followed = follow(YAML);

        for (int i = 1; i <= 1_000; i++) {
            write(YAML.replace("publish: a", i % 10 == 0 ? "publish: a/#/b" : "publish: a" + i));
            followed.look();
        }

        assertThat(taken).hasSize(900);
        assertThat(taken.get(899).get("guest")).asString().contains("publish=[a999]");
    }

    @Test
    @DisplayName("says what needs a restart, and changes the roles all the same")
    void restart() throws Exception {
        FollowedConfig followed = follow(YAML);

        write(YAML.replace("publish: a", "publish: b").replace("127.0.0.1", "127.0.0.2") + "shutdown-timeout: 5s\n");
        followed.look();

        assertThat(taken).hasSize(1);
        assertThat(lines()).hasSize(2).last().asString().contains("need a restart", "[listeners, shutdown-timeout]");
    }

    @Test
    @DisplayName("says that a restart is needed when authenticators change, or roles come or go")
    void security() throws Exception {
        FollowedConfig followed = follow(YAML);

        write("listeners: mqtt://127.0.0.1\nsecurity: {anonymous: true}\n");
        followed.look();

        assertThat(taken).isEmpty();
        assertThat(lines()).singleElement().asString().contains("need a restart", "[security]");
    }

    @Test
    @DisplayName("changes nothing when it is only written anew, or away for a while")
    void same() throws Exception {
        FollowedConfig followed = follow(YAML);

        write("# a comment\n" + YAML);
        followed.look();
        Files.delete(folder.resolve("g.yaml"));
        followed.look();
        write(YAML);
        followed.look();

        assertThat(taken).isEmpty();
        assertThat(lines()).isEmpty();
    }

    @DisplayName("is the same for all settings there are, read twice")
    @ParameterizedTest
    @MethodSource("io.gantry.app.ConfigFilesTest#files")
    void equal(Path file) throws Exception {
        ConfigFile reader = new ConfigFile(Connectors.all(), Map.<String, String>of()::get);

        assertThat(reader.read(file).otherKeys(reader.read(file))).isEmpty();
    }

    private FollowedConfig follow(String yaml) throws Exception {
        Path file = write(yaml);
        ConfigFile reader = new ConfigFile(Connectors.all(), Map.<String, String>of()::get);
        FollowedFiles<GatewaySettings> settings = FollowedFiles.open(List.of(file), () -> {
            readings++;
            return reader.read(file);
        });
        return new FollowedConfig(settings, taken::add);
    }

    /** Each time with a time of its own, so that a test need not wait for the file system's clock. */
    private Path write(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("g.yaml"), yaml);
        time += 10_000;
        return Files.setLastModifiedTime(file, FileTime.fromMillis(time));
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> event.getFormattedMessage() + " "
                        + event.getKeyValuePairs().get(event.getKeyValuePairs().size() - 1).value)
                .toList();
    }
}
