// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.TopicName;
import io.gantry.api.settings.InvalidSettingException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The paths below which the devices' topics are: each segment behind the prefix is a level.
 *
 * @param prefix at least one segment
 */
record TopicPaths(List<String> prefix) {
    private static final int MOST_LEVELS = 32;
    private static final int LONGEST = 1_024;

    TopicPaths {
        prefix = List.copyOf(prefix);
    }

    /**
     * Reads the setting.
     *
     * @throws InvalidSettingException when it is no path
     */
    static TopicPaths parse(String text) {
        String path = text.startsWith("/") ? text.substring(1) : text;
        List<String> segments = Arrays.asList(path.split("/", -1));
        if (!segments.stream().allMatch(segment -> OptionText.isSegment(segment) && OptionText.isPlain(segment))) {
            throw new InvalidSettingException("topics", "must be a path such as /ps, was '" + text + "'");
        }
        return new TopicPaths(segments);
    }

    /** Whether a path is below the prefix. */
    boolean contain(List<String> path) {
        return path.size() > prefix.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    /**
     * The Topic Name of a path below the prefix; empty when it is none that a device may use. A segment with a slash in it
     * would name the topic of another path.
     */
    Optional<TopicName> topicOf(List<String> path) {
        List<String> levels = path.subList(prefix.size(), path.size());
        String name = String.join("/", levels);
        return levels.size() > MOST_LEVELS
                        || name.length() > LONGEST
                        || name.startsWith("$")
                        || levels.stream().anyMatch(level -> level.indexOf('/') >= 0)
                ? Optional.empty()
                : TopicName.parse(name);
    }
}
