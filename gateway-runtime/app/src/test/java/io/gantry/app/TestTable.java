// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tables of a page of docs/ whose rows have an id and, in the last column, the tests that show what they say. */
final class TestTable {
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final Pattern TEST_FILE = Pattern.compile("\\w+(Test|IT|Fuzz)\\.java");

    private final Map<String, String> tests = new LinkedHashMap<>();

    private TestTable() {}

    /**
     * Reads the rows of a page.
     *
     * @param letters with which ids begin
     */
    static TestTable read(String page, String letters) throws IOException {
        TestTable table = new TestTable();
        Pattern row = Pattern.compile("\\| ([" + letters + "]\\d+) \\|.*\\| ([^|]*) \\|");
        Repository.read(page).lines().map(row::matcher).filter(Matcher::matches).forEach(found -> assertThat(
                        table.tests.put(found.group(1), found.group(2)))
                .as("%s twice", found.group(1))
                .isNull());
        return table;
    }

    /** What the last column says, by the rows' ids. */
    Map<String, String> tests() {
        return tests;
    }

    /** Fails for a row that names no test and is not among those that need none. */
    void assertTested(List<String> excused) {
        tests.forEach((row, cell) -> {
            if (excused.contains(row)) {
                assertThat(cell).as(row).isEqualTo("none");
            } else {
                assertThat(cell).as(row).containsPattern(TEST);
            }
        });
    }

    /** Fails for a test that is not there. */
    void assertTestsAreThere() throws IOException {
        Map<String, String> classes = testClasses();
        tests.forEach((row, cell) -> {
            for (Matcher test = TEST.matcher(cell); test.find(); ) {
                assertThat(classes.getOrDefault(test.group(1), ""))
                        .as("%s: %s", row, test.group())
                        .containsPattern(" void " + test.group(2) + "\\(");
            }
        });
    }

    /** The texts of all tests by the names of their classes, of which several modules may have one. */
    private static Map<String, String> testClasses() throws IOException {
        Map<String, String> classes = new HashMap<>();
        for (String part : List.of("connectors", "gateway-runtime", "routes")) {
            try (Stream<Path> files = Files.walk(Repository.root().resolve(part))) {
                for (Path file : files.filter(file ->
                                TEST_FILE.matcher(file.getFileName().toString()).matches())
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    classes.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return classes;
    }
}
