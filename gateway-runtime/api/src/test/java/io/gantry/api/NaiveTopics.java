// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Topic Names and Filters by their definition [5.0 §4.7], level by level and without regard for speed. */
final class NaiveTopics {

    private NaiveTopics() {}

    static List<String> levels(String text) {
        return List.of(text.split("/", -1));
    }

    static boolean isName(String text) {
        return isText(text) && !text.contains("+") && !text.contains("#");
    }

    static boolean isFilter(String text) {
        List<String> levels = levels(text);
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            boolean wildcard = level.equals("+") || (level.equals("#") && i == levels.size() - 1);
            if (!wildcard && (level.contains("+") || level.contains("#"))) {
                return false;
            }
        }
        return isText(text);
    }

    static boolean matches(TopicFilter filter, TopicName topic) {
        List<String> wanted = levels(filter.value());
        List<String> found = levels(topic.value());
        boolean wildcardFirst = wanted.get(0).equals("+") || wanted.get(0).equals("#");
        if (wildcardFirst && topic.value().startsWith("$")) {
            return false;
        }
        int last = wanted.size() - 1;
        if (wanted.get(last).equals("#")) {
            // "sport/#" also matches "sport" itself [5.0 §4.7.1.2]
            return found.size() >= last && equal(wanted.subList(0, last), found.subList(0, last));
        }
        return found.size() == wanted.size() && equal(wanted, found);
    }

    static Optional<String> sharedFilter(String text) {
        List<String> levels = levels(text);
        if (levels.size() < 3
                || !levels.get(0).equals("$share")
                || levels.get(1).isEmpty()) {
            return Optional.empty();
        }
        String filter = String.join("/", levels.subList(2, levels.size()));
        return isName(levels.get(1)) && isFilter(filter) ? Optional.of(filter) : Optional.empty();
    }

    private static boolean equal(List<String> wanted, List<String> found) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.get(i).equals("+") && !wanted.get(i).equals(found.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isText(String text) {
        boolean characters = text.codePoints()
                .noneMatch(c -> Character.getType(c) == Character.CONTROL
                        || Character.getType(c) == Character.SURROGATE
                        || (c >= 0xFDD0 && c <= 0xFDEF)
                        || c % 0x10000 >= 0xFFFE);
        return characters && !text.isEmpty() && text.getBytes(StandardCharsets.UTF_8).length <= 0xFFFF;
    }
}
