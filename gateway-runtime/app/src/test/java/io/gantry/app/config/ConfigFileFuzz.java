// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.app.Connectors;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import io.gantry.connectors.spi.Connector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: the text of a configuration file. */
@DisplayName("Any text as a configuration file")
class ConfigFileFuzz {
    private static final String FILE = "g.yaml";
    private static final String SECRET = "canary-7Q!";
    private static final Map<String, String> ENVIRONMENT = Map.of("SECRET", SECRET, "PORT", "1883");
    private static final List<Connector<?, ?, ?>> CONNECTORS = connectors();

    static Stream<Arguments> seeds() {
        Stream<String> wrong = Stream.of(
                        ConfigFileErrorsTest.file(),
                        ConfigFileErrorsTest.keys(),
                        ConfigFileErrorsTest.listeners(),
                        ConfigFileErrorsTest.values(),
                        ConfigFileErrorsTest.sides(),
                        ConfigFileErrorsTest.endpoints(),
                        ConfigFileErrorsTest.templates())
                .flatMap(Function.identity())
                .map(row -> (String) row.get()[0]);
        Stream<String> attacks = Stream.of(
                "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
                "[".repeat(60),
                "a: !!javax.script.ScriptEngineManager [x]",
                "a: &a {b: *a}",
                "%YAML 9.9\n---\na: b\n...\n---\n",
                "listeners: 'mqtt://h:${PORT}'\nendpoints: {a: {shelf: {rooms: x, height: '${SECRET}'}}}");
        return Stream.concat(wrong, attacks)
                .map(text -> arguments(named(
                        text.length() + " characters, " + Integer.toHexString(text.hashCode()),
                        text.getBytes(StandardCharsets.UTF_8))));
    }

    @DisplayName("is settings, or problems that have a place, fit on a line and show no secret")
    @MethodSource("seeds")
    @FuzzTest
    void reading(byte[] input) {
        // files of the machine it runs on are not the fuzzer's to read
        String text = new String(input, StandardCharsets.UTF_8).replace("${file", "${life");
        try {
            GatewaySettings settings = new ConfigFile(CONNECTORS, ENVIRONMENT::get).read(FILE, text);

            assertThat(settings.listeners()).isNotEmpty();
        } catch (InvalidConfigException invalid) {
            assertThat(invalid.problems()).isNotEmpty().allSatisfy(problem -> check(problem, text));
        }
    }

    private static void check(Problem problem, String text) {
        assertThat(problem.place().file()).isEqualTo(FILE);
        assertThat(problem.place().line()).isBetween(1, (int) text.lines().count() + 1);
        assertThat(problem.place().column()).isBetween(1, text.length() + 1);
        assertThat(problem.message()).isNotBlank().doesNotContain("\n", "\r");
        if (!text.contains(SECRET)) {
            assertThat(problem.message()).doesNotContain(SECRET);
        }
    }

    private static List<Connector<?, ?, ?>> connectors() {
        List<Connector<?, ?, ?>> connectors = new ArrayList<>(Connectors.all());
        connectors.add(0, new Shelf("shelf"));
        return connectors;
    }
}
