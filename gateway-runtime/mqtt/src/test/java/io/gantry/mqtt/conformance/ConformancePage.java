// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import java.util.List;
import java.util.NavigableSet;

/** Writes docs/conformance.md: what became of every normative statement. */
final class ConformancePage {
    private static final String HEAD = """
            <!-- Generated from the statement lists and the names of the tests, do not edit. -->
            # Conformance

            Every normative statement of MQTT 3.1.1 and 5.0, in our own words, with the tests whose names cite it. The texts of
            OASIS alone are authoritative. This page is generated, do not edit.

            - **Tests**: classes of tests; what they prove, their display names say.
            - **Not applicable**: a server cannot keep or break it, or cannot see whether a device keeps it.
            - **Open**: it has no test yet, mostly because the feature is not built.

            | Version | Statements | Tested | Not applicable | Open |
            |---|--:|--:|--:|--:|
            """;

    private final Manifest manifest;

    private ConformancePage(Manifest manifest) {
        this.manifest = manifest;
    }

    static String of(Manifest manifest) {
        ConformancePage page = new ConformancePage(manifest);
        StringBuilder text = new StringBuilder(HEAD);
        Manifest.VERSIONS.forEach(version -> page.count(version, text));
        Manifest.VERSIONS.forEach(version -> page.table(version, text));
        return text.toString();
    }

    private void count(String version, StringBuilder text) {
        List<Statement> statements = of(version);
        long tested = statements.stream()
                .filter(statement -> manifest.citations().containsKey(statement.name()))
                .count();
        text.append("| " + version + " | " + statements.size() + " | " + tested + " | "
                + of(version, manifest.notApplicable()) + " | " + of(version, manifest.open()) + " |\n");
    }

    private List<Statement> of(String version) {
        return manifest.statements().stream()
                .filter(statement -> statement.version().equals(version))
                .toList();
    }

    private static long of(String version, List<Excuse> excuses) {
        return excuses.stream()
                .filter(excuse -> excuse.version().equals(version))
                .count();
    }

    private void table(String version, StringBuilder text) {
        text.append("\n## MQTT " + version + "\n\n| Statement | Section | What it says | Tests |\n|---|---|---|---|\n");
        for (Statement statement : of(version)) {
            text.append("| " + statement.id() + " | " + cell(statement.section()) + " | " + cell(statement.paraphrase())
                    + " | " + proof(statement) + " |\n");
        }
    }

    private String proof(Statement statement) {
        NavigableSet<String> tests = manifest.citations().get(statement.name());
        if (tests != null) {
            return String.join(", ", tests);
        }
        return why(statement, "Not applicable", manifest.notApplicable()) + why(statement, "Open", manifest.open());
    }

    private static String why(Statement statement, String kind, List<Excuse> excuses) {
        return excuses.stream()
                .filter(excuse -> excuse.name().equals(statement.name()))
                .map(excuse -> "*" + kind + "*: " + cell(excuse.why()))
                .findFirst()
                .orElse("");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("#", "\\#").replace("*", "\\*");
    }
}
