// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import io.gantry.mqtt.codec.RejectedStatements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which tests cite which statement: read from the display names in the test sources, and from the rows of the codec's. */
final class Citations {
    /** A test's name, or that of a row of bytes; also one that is written in several pieces. */
    private static final Pattern NAME =
            Pattern.compile("(?:@DisplayName|new Sample)\\(\\s*(\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s*\\+\\s*\"[^\"]*\")*)");

    private static final Pattern STATEMENT = Pattern.compile("\\[((?:3\\.1\\.1|5\\.0)/MQTT-[^]]+)]");

    private Citations() {}

    /** The names of the classes that cite a statement, by its name. */
    static NavigableMap<String, NavigableSet<String>> in(List<Path> sourceFolders) throws IOException {
        NavigableMap<String, NavigableSet<String>> citations = of(STATEMENT, sourceFolders);
        RejectedStatements.all().forEach(statement -> addAll(citations, STATEMENT, statement, "RejectionTest"));
        return citations;
    }

    /**
     * The names of the classes that cite something, by what is cited.
     *
     * @param citation its first group is what is cited
     */
    static NavigableMap<String, NavigableSet<String>> of(Pattern citation, List<Path> sourceFolders)
            throws IOException {
        NavigableMap<String, NavigableSet<String>> citations = new TreeMap<>();
        for (Path folder : sourceFolders) {
            for (Path file : sources(folder)) {
                String test = file.getFileName().toString().replace(".java", "");
                Matcher name = NAME.matcher(Files.readString(file));
                while (name.find()) {
                    addAll(citations, citation, name.group(1), test);
                }
            }
        }
        return citations;
    }

    private static void addAll(
            Map<String, NavigableSet<String>> citations, Pattern citation, String text, String test) {
        Matcher cited = citation.matcher(text);
        while (cited.find()) {
            citations.computeIfAbsent(cited.group(1), id -> new TreeSet<>()).add(test);
        }
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
