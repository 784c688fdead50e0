// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.api.ClientId;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.security.RoleSettings;
import io.gantry.security.RuleFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Input: lines of text. Filters that allow, filters that deny, both with blanks between them, as the operator writes them;
 * then what a client calls itself and shows: user name, Client Identifier, common name; a Topic Name, and a Topic Filter.
 */
@DisplayName("Any access rules, and any client under them,")
class AccessRulesFuzz {
    private static final int LINES = 7;
    private static final int MOST_RULES = 8;

    /** One level of a rule or a topic by itself: what the slow matcher compares. */
    private record Rule(List<String> levels) {

        static Rule of(RuleFilter filter, Map<String, String> values) {
            return new Rule(Arrays.stream(filter.toString().split("/", -1))
                    .map(level -> filled(level, values))
                    .toList());
        }

        /** A wildcard stays one only where the operator wrote it: what is filled in is marked. */
        private static String filled(String level, Map<String, String> values) {
            if (level.indexOf('{') < 0) {
                return level;
            }
            String text = level;
            for (String name : List.of("client", "username", "cn")) {
                String value = values.getOrDefault(name, "");
                boolean isLevel = !value.isEmpty()
                        && value.chars().noneMatch(c -> c == '/' || c == '+' || c == '#' || Character.isISOControl(c));
                if (text.contains("{" + name + "}")) {
                    if (!isLevel) {
                        return "nothing\0";
                    }
                    // braces of a value are no variable: one pass over what was written
                    text = text.replace(
                            "{" + name + "}", value.replace('{', '\1').replace('}', '\2'));
                }
            }
            return text.indexOf('{') >= 0
                    ? "nothing\0"
                    : "text\0" + text.replace('\1', '{').replace('\2', '}');
        }

        boolean matches(String topic) {
            return matches(0, List.of(topic.split("/", -1)), topic.startsWith("$"));
        }

        private boolean matches(int at, List<String> topic, boolean reserved) {
            if (at == levels.size()) {
                return at == topic.size();
            }
            String level = levels.get(at);
            boolean literalOnly = at == 0 && reserved;
            if (level.equals("#")) {
                return !literalOnly;
            }
            if (at == topic.size()) {
                return false;
            }
            boolean isText = level.startsWith("text\0");
            boolean fits = isText
                    ? !literalOnly && level.substring(5).equals(topic.get(at))
                    : level.equals("+") ? !literalOnly : level.equals(topic.get(at));
            // "a/#" matches "a" too
            boolean parent = at + 1 == topic.size()
                    && at + 2 == levels.size()
                    && levels.get(at + 1).equals("#");
            return fits && (parent || matches(at + 1, topic, reserved));
        }
    }

    static Stream<Arguments> seeds() {
        return Stream.of(
                        "sensors/{username}/# news/+\nsensors/+/secret\npump-7\nc\ncn\nsensors/pump-7/t\nsensors/pump-7/#",
                        "dev-{client}/{cn}/#\n\nu\n+\n#\ndev-+/#/x\ndev-+/#",
                        "# $SYS/#\n{username}/x\n$SYS\nc\nx\n$SYS/x\n$SYS/#",
                        "{username}/#\n\n$SYS\nc\nx\n$SYS/x\n$SYS/+",
                        "a/{username}{client}/b\na/#\nx{client}\n{cn}\ny\na/x{client}{cn}/b\na/+/b",
                        "a/# +/a\n\n\n\n\na\na/#",
                        "/ // +/+\n/+\na/b\n\0\n\ud800\n/\n+/",
                        "{claim.site}/# x/{username\nx\na\nb\nc\nd\n#")
                .map(text -> arguments(named(
                        text.length() + " characters, " + Integer.toHexString(text.hashCode()),
                        text.getBytes(StandardCharsets.UTF_8))));
    }

    @DisplayName("allow what a slow and obvious matcher allows, and a subscription only when all it brings is allowed")
    @MethodSource("seeds")
    @FuzzTest
    void deciding(byte[] input) {
        String[] lines = Arrays.copyOf(new String(input, StandardCharsets.UTF_8).split("\n", LINES), LINES);
        List<RuleFilter> allow = rules(lines[0]);
        List<RuleFilter> deny = rules(lines[1]);
        String clientId = text(lines[3]).isEmpty() ? "c" : text(lines[3]);
        Map<String, String> values = Map.of("username", text(lines[2]), "client", clientId, "cn", text(lines[4]));
        Permissions permissions = new AccessRules(Map.of("r", new RoleSettings(allow, allow, deny, deny)))
                .permissions(
                        new Identity(lines[2], Set.of("r"), Map.of("cn", text(lines[4])), Identity.WITHOUT_END),
                        new ClientId(clientId));
        List<Rule> allowing =
                allow.stream().map(filter -> Rule.of(filter, values)).toList();
        List<Rule> denying =
                deny.stream().map(filter -> Rule.of(filter, values)).toList();
        TopicFilter wanted = TopicFilter.parse(text(lines[6]))
                .filter(filter -> !filter.isShared())
                .orElse(null);

        List<TopicName> topics =
                new ArrayList<>(TopicName.parse(text(lines[5])).stream().toList());
        topics.addAll(within(wanted, values));
        for (TopicName topic : topics) {
            boolean allowed = isAny(allowing, topic) && !isAny(denying, topic);
            assertThat(permissions.mayPublish(topic)).as("publish to %s", topic).isEqualTo(allowed);
            assertThat(permissions.mayReceive(topic)).as("receive %s", topic).isEqualTo(allowed);
        }
        if (wanted != null && permissions.maySubscribe(wanted)) {
            assertThat(topics.stream().filter(wanted::matches))
                    .as("what %s brings", wanted)
                    .allMatch(topic -> isAny(allowing, topic));
        }
    }

    private static boolean isAny(List<Rule> rules, TopicName topic) {
        return rules.stream().anyMatch(rule -> rule.matches(topic.value()));
    }

    /** What the operator may not write is refused by itself. */
    private static List<RuleFilter> rules(@Nullable String line) {
        List<RuleFilter> rules = new ArrayList<>();
        for (String text : text(line).split(" ", MOST_RULES)) {
            try {
                rules.add(RuleFilter.fromText(text));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageStartingWith("'" + text + "' ");
            }
        }
        return rules;
    }

    /** Some topics that a filter matches, with what could be confused with a value of the client's. */
    private static List<TopicName> within(@Nullable TopicFilter filter, Map<String, String> values) {
        List<TopicName> topics = new ArrayList<>();
        if (filter != null) {
            for (String level : Stream.concat(Stream.of("x", "", "$x"), values.values().stream())
                    .toList()) {
                for (String rest : List.of(level, level + "/y", "")) {
                    String topic = String.join(
                            "/",
                            Arrays.stream(filter.value().split("/", -1))
                                    .map(each -> each.equals("+") ? level : each.equals("#") ? rest : each)
                                    .toList());
                    TopicName.parse(topic).ifPresent(topics::add);
                }
            }
        }
        return topics;
    }

    private static String text(@Nullable String line) {
        return line == null ? "" : line;
    }
}
