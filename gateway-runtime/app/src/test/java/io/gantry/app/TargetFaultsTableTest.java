// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The table of faults of targets in docs/testing.md")
class TargetFaultsTableTest {
    /** What nobody can notice, and so no test can show. */
    private static final String NOT_TO_BE_NOTICED = "D28";

    private static final int ROWS = 28;

    private final TestTable table;

    TargetFaultsTableTest() throws IOException {
        table = TestTable.read("docs/testing.md", "D");
    }

    @Test
    @DisplayName("has every row once, with tests")
    void everyRow() {
        assertThat(table.tests())
                .containsOnlyKeys(IntStream.rangeClosed(1, ROWS)
                        .mapToObj(number -> "D" + number)
                        .toList());
        table.assertTested(List.of(NOT_TO_BE_NOTICED));
    }

    @Test
    @DisplayName("names tests that are there")
    void testsAreThere() throws IOException {
        table.assertTestsAreThere();
    }
}
