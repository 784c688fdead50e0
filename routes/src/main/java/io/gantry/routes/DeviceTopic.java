// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.TopicName;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.List;
import java.util.Optional;

/** Makes the Topic Names that a route publishes to. */
final class DeviceTopic {
    private final Template template;
    private final List<String> names;
    private final boolean wholeName;

    /** By a template that has been {@linkplain #check checked}. */
    DeviceTopic(Template template) {
        this.template = template;
        this.names = template.names();
        this.wholeName = template.isOneValue();
    }

    /**
     * The Topic Name for a message: a value fills one level and no more, or else a record could choose where in the tree it
     * is published, unless the value is the whole name.
     *
     * @return empty when it is not a Topic Name that a route may publish to
     */
    Optional<TopicName> of(Values values) {
        for (String name : names) {
            String value = values.value(name);
            if (value == null || !isLegal(value)) {
                return Optional.empty();
            }
        }
        String rendered = template.render(values);
        return rendered == null ? Optional.empty() : TopicName.parse(rendered).filter(topic -> !topic.isReserved());
    }

    private boolean isLegal(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '+' || c == '#' || c == 0 || (c == '/' && !wholeName)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks a template when the YAML is read.
     *
     * @throws IllegalArgumentException when nothing it makes can be published to
     */
    static void check(Template topic) {
        for (String fixed : topic.fixedTexts()) {
            if (TopicName.parse(fixed).isEmpty()) {
                throw new IllegalArgumentException(
                        "must be a Topic Name without '+', '#' and U+0000, was '" + topic + "'");
            }
        }
        if (topic.toString().isEmpty() || topic.toString().startsWith("$")) {
            throw new IllegalArgumentException("must not be empty or start with '$', was '" + topic + "'");
        }
    }
}
