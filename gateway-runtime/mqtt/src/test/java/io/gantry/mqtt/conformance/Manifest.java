// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.stream.Stream;

/** Every normative statement, and what there is for it: tests, or the reason why there are none. */
record Manifest(
        List<Statement> statements,
        NavigableMap<String, NavigableSet<String>> citations,
        List<Excuse> notApplicable,
        List<Excuse> open) {

    static final List<String> VERSIONS = List.of("3.1.1", "5.0");

    static final List<Path> TEST_SOURCES = List.of(
            Path.of("src", "test", "java"),
            Path.of("..", "api", "src", "test", "java"),
            Path.of("..", "app", "src", "test", "java"));

    static Manifest read() throws IOException {
        return new Manifest(
                Stream.concat(statementsOf("3.1.1"), statementsOf("5.0")).toList(),
                Citations.in(TEST_SOURCES),
                excuses("not-applicable.tsv"),
                excuses("open.tsv"));
    }

    private static Stream<Statement> statementsOf(String version) throws IOException {
        return rows("/conformance/statements-" + version + ".tsv").stream().map(line -> Statement.of(version, line));
    }

    private static List<Excuse> excuses(String file) throws IOException {
        return rows("/conformance/" + file).stream().map(Excuse::of).toList();
    }

    /** The lines of a resource after the first, which names the columns. */
    static List<String> rows(String file) throws IOException {
        InputStream resource = Manifest.class.getResourceAsStream(file);
        if (resource == null) {
            throw new IOException("no resource " + file);
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).toList();
        }
    }
}
