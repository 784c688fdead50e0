// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.admin.Bans;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("The command bans")
class BansCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ShownGateway gateway;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        gateway = new ShownGateway(directory);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    @DisplayName("add and remove say whom, and list shows who is banned")
    void bans() {
        assertThat(ask("bans", "add", "--address", "2001:DB8::7", "--for", "1h"))
                .isZero();
        assertThat(ask("bans", "add", "--client-id", "a\u202eb")).isZero();
        assertThat(ask("bans", "list")).isZero();
        assertThat(ask("bans", "remove", "--client-id", "a\u202eb")).isZero();
        assertThat(ask("bans", "remove", "--username", "x")).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.subList(0, 2)).containsExactly("banned: 2001:DB8::7", "banned: a\\u202eb");
        assertThat(lines.get(2)).startsWith("by ");
        assertThat(lines.subList(3, 5))
                .anyMatch(line -> line.matches("address +2001:db8::/64 +\\S+Z +\\S+Z +operator"))
                .anyMatch(line -> line.matches("client-id +a\\\\u202eb +\\S+Z +- +operator"));
        assertThat(lines.subList(5, 7)).containsExactly("no longer banned: a\\u202eb", "was not banned: x");
        assertThat(gateway.bans.list()).hasSize(1);
        assertThat(ask("bans", "add", "--address", "nowhere")).isEqualTo(1);
        assertThat(err.toString()).contains("address: must be an IP address");
    }

    @Test
    @DisplayName("tells a device at one address from the same elsewhere")
    void bansAtAddress() {
        assertThat(ask("bans", "add", "--client-at-address", "sensor@7@2001:db8::7"))
                .isZero();

        assertThat(gateway.bans.list()).singleElement().satisfies(ban -> {
            assertThat(ban.kind()).isEqualTo(Bans.Kind.CLIENT_AT_ADDRESS);
            assertThat(ban.value()).isEqualTo("sensor@7@2001:db8::/64");
        });
        assertThat(ask("bans", "list")).isZero();
        assertThat(out.toString()).containsPattern("client-at-address +sensor@7@2001:db8::/64 ");
        assertThat(ask("bans", "add", "--client-at-address", "sensor-7")).isEqualTo(1);
        assertThat(ask("bans", "remove", "--client-at-address", "sensor@7@2001:db8::9"))
                .isZero();
        assertThat(gateway.bans.list()).isEmpty();
    }

    @DisplayName("refuses what does not say whom, or for how long")
    @ParameterizedTest
    @ValueSource(strings = {"add", "remove", "add --address 10.0.0.1 --username u", "add --username u --for long"})
    void unclearBans(String options) {
        assertThat(ask(("bans " + options).split(" ", -1))).isEqualTo(2);

        assertThat(gateway.bans.list()).isEmpty();
    }

    private int ask(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--admin";
        all[arguments.length + 1] = "http://127.0.0.1:" + gateway.port();
        CommandLine gantry = Main.commandLine(name -> null);
        gantry.setOut(new PrintWriter(out, true));
        gantry.setErr(new PrintWriter(err, true));
        return gantry.execute(all);
    }
}
