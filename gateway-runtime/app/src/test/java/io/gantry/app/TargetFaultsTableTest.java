// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The table of faults of targets in docs/testing.md")
class TargetFaultsTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (D\\d+) \\|.*\\| ([^|]*) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    /** What nobody can notice, and so no test can show. */
    private static final String NOT_TO_BE_NOTICED = "D28";

    private static final int ROWS = 28;

    @Test
    @DisplayName("has every row once, with tests")
    void everyRow() throws IOException {
        Map<String, String> tests = new HashMap<>();
        rows().forEach(row -> assertThat(tests.put(row.group(1), row.group(2))).isNull());

        assertThat(tests)
                .containsOnlyKeys(IntStream.rangeClosed(1, ROWS)
                        .mapToObj(number -> "D" + number)
                        .toList());
        tests.remove(NOT_TO_BE_NOTICED);
        assertThat(tests.values()).allSatisfy(cell -> assertThat(cell).containsPattern(TEST));
    }

    @Test
    @DisplayName("names tests that are there")
    void testsAreThere() throws IOException {
        Map<String, String> classes = testClasses();

        for (Matcher row : rows()) {
            for (Matcher test = TEST.matcher(row.group(2)); test.find(); ) {
                assertThat(classes.getOrDefault(test.group(1), ""))
                        .as(test.group())
                        .containsPattern(" void " + test.group(2) + "\\(");
            }
        }
    }

    private static List<Matcher> rows() throws IOException {
        return Repository.read("docs/testing.md")
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    /** The texts of all tests by the names of their classes, of which several modules may have one. */
    private static Map<String, String> testClasses() throws IOException {
        Map<String, String> classes = new HashMap<>();
        for (String part : List.of("connectors", "gateway-runtime")) {
            try (Stream<Path> files = Files.walk(Repository.root().resolve(part))) {
                for (Path file : files.filter(file -> file.toString().endsWith("Test.java")
                                || file.toString().endsWith("IT.java"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    classes.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return classes;
    }
}
