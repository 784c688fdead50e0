// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("YAML text")
class YamlTextTest {
    private static final String TAG = "a tag that is not allowed, expected quotes around a text that starts with !";

    @DisplayName("that attacks its reader is refused at its place")
    @ParameterizedTest(name = "{1}")
    @MethodSource
    void attacks(String yaml, String expected) {
        long before = System.nanoTime();

        List<String> errors = errorsIn(yaml);

        assertThat(errors).containsExactly(expected);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("what an attack would take is out of all proportion")
                .isLessThan(Duration.ofMinutes(1));
    }

    static Stream<Arguments> attacks() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(9) + "]\n");
        }
        return Stream.of(
                Arguments.of(
                        bomb.toString(), "f.yaml:6:10: more than 100000 elements, counting what aliases stand for"),
                Arguments.of("a: &a [*a]", "f.yaml:1:8: an alias inside what it stands for"),
                Arguments.of(
                        "a: *b",
                        "f.yaml:1:4: an alias without an anchor before it, expected quotes around a text"
                                + " that starts with *"),
                Arguments.of(
                        "a: " + "[".repeat(10_000) + "]".repeat(10_000),
                        "f.yaml:1:53: nested deeper than 50" + " levels"),
                Arguments.of("a: " + "{b: ".repeat(10_000), "f.yaml:1:197: nested deeper than 50 levels"),
                Arguments.of("a: " + "x".repeat(5 << 20), "f.yaml:1:1: the file is larger than 1MiB, expected less"),
                Arguments.of("- ".repeat(100), "f.yaml:1:101: nested deeper than 50 levels"),
                Arguments.of("a: !!javax.script.ScriptEngineManager [x]", "f.yaml:1:4: " + TAG),
                Arguments.of("a: !!binary aGk=", "f.yaml:1:4: " + TAG),
                Arguments.of("a: !b", "f.yaml:1:4: " + TAG),
                Arguments.of("a: 1\na: 2", "f.yaml:2:1: key 'a' is given twice, first in line 1"),
                Arguments.of("a: {b: 1, b: 2}", "f.yaml:1:11: key 'b' is given twice, first in line 1"),
                Arguments.of("[a]: b", "f.yaml:1:1: a key is a list, expected a name"),
                Arguments.of("a: b\u0007", "f.yaml:1:5: not YAML: the character U+0007 is not allowed"),
                Arguments.of("a: \"b", "f.yaml:1:6: not YAML: found unexpected end of stream"));
    }

    @Test
    @Timeout(5)
    @DisplayName("may be as long as a file may be")
    void longText() {
        assertThat(errorsIn("a: " + "x".repeat(1_000_000))).isEmpty();
    }

    @DisplayName("keeps single values as they are written")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void asWritten(String written, String text) {
        Problems problems = new Problems();

        Element root = YamlText.read("f.yaml", "a: " + written, none(), problems);

        assertThat(problems.sorted()).isEmpty();
        assertThat(root).isInstanceOfSatisfying(Element.Mapping.class, mapping -> assertThat(mapping.value("a"))
                .containsInstanceOf(Element.Scalar.class)
                .get()
                .extracting(value -> ((Element.Scalar) value).text())
                .isEqualTo(text));
    }

    static Stream<Arguments> asWritten() {
        return Stream.of(
                Arguments.of("yes", "yes"),
                Arguments.of("null", "null"),
                Arguments.of("~", "~"),
                Arguments.of("0123", "0123"),
                Arguments.of("1:30:00", "1:30:00"),
                Arguments.of("2026-11-21", "2026-11-21"),
                Arguments.of("!!str 5", "5"),
                Arguments.of("'a: b'", "a: b"));
    }

    private static Placeholders none() {
        return new Placeholders(Map.<String, String>of()::get);
    }

    private static List<String> errorsIn(String yaml) {
        Problems problems = new Problems();
        YamlText.read("f.yaml", yaml, none(), problems);
        return problems.sorted().stream().map(Problem::toString).toList();
    }
}
