// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Every attack on the MQTT server")
class AttacksTest {
    private static final Pattern CITATION = Pattern.compile("\\[(A\\d+)]");

    private final List<String> attacks;
    private final List<List<String>> excuses;
    private final Set<String> cited;

    AttacksTest() throws IOException {
        attacks = Manifest.rows("/attacks/mqtt.tsv").stream()
                .map(row -> row.split("\t", -1)[0])
                .toList();
        excuses = Manifest.rows("/attacks/excused.tsv").stream()
                .map(row -> List.of(row.split("\t", -1)))
                .toList();
        cited = Citations.of(CITATION, Manifest.TEST_SOURCES).keySet();
    }

    @Test
    @DisplayName("is cited by a test, or excused with a reason")
    void nothingForgotten() {
        Set<String> accounted = new HashSet<>(cited);
        excuses.forEach(excuse -> accounted.add(excuse.get(0)));

        assertThat(attacks).hasSize(55).doesNotHaveDuplicates();
        assertThat(attacks.stream().filter(attack -> !accounted.contains(attack)))
                .isEmpty();
        assertThat(excuses).allMatch(excuse -> !excuse.get(1).isBlank());
    }

    @Test
    @DisplayName("that is cited or excused exists, and is not both")
    void nothingInvented() {
        assertThat(cited).allMatch(attacks::contains);
        assertThat(excuses)
                .map(excuse -> excuse.get(0))
                .allMatch(attacks::contains)
                .doesNotContainAnyElementsOf(cited);
    }
}
