// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.Secret;
import io.gantry.app.yaml.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A placeholder in a configuration file")
class PlaceholdersTest {
    private static final String CANARY = "canary-4711-secret";
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ROOM", "hall", "EMPTY", "", "LINES", "a\nb", "YAML", "x, height: 3}", "CANARY", CANARY, "HEIGHT", "7");

    @TempDir
    private Path directory = Path.of("");

    @DisplayName("is filled in from the environment, once")
    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "${ROOM}|hall",
                "a-${ROOM}-${ROOM}|a-hall-hall",
                "${NONE:-cellar}|cellar",
                "${EMPTY:-cellar}|cellar",
                "x${NONE:-}|x",
                "${NONE:-a:-b}|a:-b",
                "$${ROOM}|${ROOM}",
                "$$${ROOM}|$${ROOM}",
                "$${ROOM} ${ROOM}|${ROOM} hall",
                "$ROOM {ROOM}|$ROOM {ROOM}",
                "${YAML}|x, height: 3}"
            })
    void filledIn(String written, String filled) throws InvalidConfigException {
        assertThat(shelf("rooms: '" + written + "'").rooms()).containsExactly(filled);
    }

    @Test
    @DisplayName("may stand for a number")
    void number() throws InvalidConfigException {
        assertThat(shelf("rooms: a, height: \"${HEIGHT}\"").height()).isEqualTo(7);
    }

    @Test
    @DisplayName("is filled in from a file, without the last line's end")
    void file() throws InvalidConfigException, IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "one\ntwo\n");

        Shelf.Place place = shelf("rooms: a, password: '${file:" + secret + "}'");

        assertThat(place.password()).isEqualTo(new Secret("one\ntwo"));
    }

    @DisplayName("that cannot be filled in is refused at its place")
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "${NONE}|the environment has no variable 'NONE'; set it, or give a default: ${NONE:-default}",
                "${LINES}|the environment variable 'LINES' has a line break, expected one line; a longer text can come"
                        + " from a file: ${file:PATH}",
                "${file:/no/such/file}|'${file:/no/such/file}' names no file",
                "${file:/dev/zero}|'${file:/dev/zero}' names no file",
                "${ROOM|'${' without its '}', expected ${NAME}, ${NAME:-default} or ${file:PATH}; $${ is a literal ${",
                "${a b}|'${a b}' cannot be filled in, expected ${NAME}, ${NAME:-default} or ${file:PATH}; $${ is a"
                        + " literal ${"
            })
    void refused(String written, String message) {
        assertThatThrownBy(() -> shelf("rooms: '" + written.replace("'", "''") + "'"))
                .hasMessage("g.yaml:2:32: " + message);
    }

    @DisplayName("never shows its value in an error")
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "rooms: a, height: '${CANARY}'",
                "rooms: a, reach: '${CANARY}', password: x",
                "rooms: a, password: ['${CANARY}']",
                "rooms: a, password: canary-4711-secret, paint: 'canary-4711-secret'",
                "rooms: a, pasword: canary-4711-secret",
                "rooms: {a: canary-4711-secret}",
                "rooms: a, paint: '${file:SECRET}'"
            })
    void hidden(String settings) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), CANARY + "\n");

        assertThatThrownBy(() -> shelf(settings.replace("SECRET", secret.toString())))
                .isInstanceOf(InvalidConfigException.class)
                .message()
                .doesNotContain("canary");
    }

    private static Shelf.Place shelf(String settings) throws InvalidConfigException {
        String yaml = "listeners: mqtt://127.0.0.1\nendpoints: {a: {shelf: {" + settings + "}}}\n";
        GatewaySettings read = new ConfigFile(List.of(new Shelf("shelf")), ENVIRONMENT::get).read("g.yaml", yaml);
        return (Shelf.Place) read.endpoints().values().iterator().next().settings();
    }
}
