// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The tables of attacks in docs/attacks.md")
class AttacksTableTest {
    private static final Map<String, Integer> ROWS = Map.of("B", 23, "C", 20, "F", 10, "G", 22);

    /** What is not there, or what no test of a build can show. The page says why. */
    private static final List<String> EXCUSED = List.of("C15", "F2", "F7", "F9", "G17");

    private final TestTable table;

    AttacksTableTest() throws IOException {
        table = TestTable.read("docs/attacks.md", "BCFG");
    }

    @Test
    @DisplayName("have every row once, with tests or none to be had")
    void everyRow() {
        assertThat(table.tests())
                .containsOnlyKeys(ROWS.entrySet().stream()
                        .flatMap(rows ->
                                IntStream.rangeClosed(1, rows.getValue()).mapToObj(number -> rows.getKey() + number))
                        .toList());
        table.assertTested(EXCUSED);
    }

    @Test
    @DisplayName("name tests that are there")
    void testsAreThere() throws IOException {
        table.assertTestsAreThere();
    }
}
