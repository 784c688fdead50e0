// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Every normative statement of 3.1.1 and 5.0")
class ConformanceTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "conformance.md");
    private static final String RENEW = "mvn -pl gateway-runtime/mqtt -am test -Dtest=ConformanceTest"
            + " -Dgantry.regenerate -Dsurefire.failIfNoSpecifiedTests=false";

    private final Manifest manifest;

    ConformanceTest() throws IOException {
        manifest = Manifest.read();
    }

    @Test
    @DisplayName("is cited by a test, or said to be open or not applicable")
    void nothingForgotten() {
        Set<String> accounted =
                Stream.concat(manifest.citations().keySet().stream(), excused()).collect(Collectors.toSet());

        assertThat(statements()).hasSize(392);
        assertThat(statements().stream().filter(statement -> !accounted.contains(statement)))
                .isEmpty();
    }

    @Test
    @DisplayName("that a test cites, or an excuse names, exists in that version")
    void nothingInvented() {
        Set<String> statements = Set.copyOf(statements());

        assertThat(manifest.citations())
                .allSatisfy((statement, tests) ->
                        assertThat(statements).as("cited by %s", tests).contains(statement));
        assertThat(excused()).allMatch(statements::contains);
    }

    @Test
    @DisplayName("is not tested and excused at the same time")
    void nothingTwice() {
        assertThat(excused().filter(manifest.citations()::containsKey)).isEmpty();
    }

    @Test
    @DisplayName("is listed once and excused once, with a reason")
    void noDuplicates() {
        assertThat(statements()).doesNotHaveDuplicates();
        assertThat(excused()).doesNotHaveDuplicates();
        assertThat(Stream.concat(manifest.notApplicable().stream(), manifest.open().stream()))
                .allMatch(excuse -> !excuse.why().isBlank());
    }

    @Test
    @DisplayName("is in docs/conformance.md, which is current")
    void page() throws IOException {
        String generated = ConformancePage.of(manifest);
        if (System.getProperty("gantry.regenerate") != null) {
            Files.writeString(PAGE, generated);
        }

        assertThat(PAGE).as("renew it by: %s", RENEW).content().isEqualTo(generated);
    }

    private List<String> statements() {
        return manifest.statements().stream().map(Statement::name).toList();
    }

    private Stream<String> excused() {
        return Stream.concat(manifest.notApplicable().stream(), manifest.open().stream())
                .map(Excuse::name);
    }
}
