// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.security.AccessRule;
import io.gantry.security.Decision;
import io.gantry.security.RoleSettings;
import io.gantry.security.RuleFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The access rules")
class AccessRulesTest {
    private static final ClientId PUMP = new ClientId("pump-7");
    private static final RoleSettings DEVICE =
            role(List.of("sensors/{client}/#"), List.of("commands/{client}/#", "news/+"), List.of(), List.of());

    @Test
    @DisplayName("allow what a rule of a role allows, and nothing else")
    void denyByDefault() {
        Permissions permissions = rules(Map.of("device", DEVICE)).permissions(known("device"), PUMP);

        assertThat(mayPublish(permissions, "sensors/pump-7/temperature")).isTrue();
        assertThat(mayPublish(permissions, "sensors/pump-7")).isTrue();
        assertThat(mayPublish(permissions, "sensors/pump-8/temperature")).isFalse();
        assertThat(mayPublish(permissions, "commands/pump-7/stop")).isFalse();
        assertThat(mayReceive(permissions, "commands/pump-7/stop")).isTrue();
        assertThat(mayReceive(permissions, "sensors/pump-7/temperature")).isFalse();
    }

    @Test
    @DisplayName("allow nothing to somebody without a role, or with one that is not known")
    void noRole() {
        AccessRules rules = rules(Map.of("device", DEVICE));

        assertThat(mayPublish(rules.permissions(known(), PUMP), "sensors/pump-7/a"))
                .isFalse();
        assertThat(mayPublish(rules.permissions(known("Device"), PUMP), "sensors/pump-7/a"))
                .isFalse();
    }

    @Test
    @DisplayName("let a denial of one role win over what another allows")
    void denyWins() {
        AccessRules rules = rules(Map.of(
                "all", role(List.of("#"), List.of("#"), List.of(), List.of()),
                "quiet", role(List.of(), List.of(), List.of("alarms/#"), List.of("secret/#"))));
        Permissions both = rules.permissions(known("all", "quiet"), PUMP);

        assertThat(mayPublish(both, "alarms/fire")).isFalse();
        assertThat(mayPublish(both, "secret/x")).isTrue();
        assertThat(mayReceive(both, "secret/x")).isFalse();
        assertThat(mayReceive(both, "alarms/fire")).isTrue();
        assertThat(maySubscribe(both, "#")).isTrue();
        assertThat(maySubscribe(both, "secret/+")).isFalse();
        assertThat(mayPublish(rules.permissions(known("all"), PUMP), "alarms/fire"))
                .isTrue();
    }

    @ParameterizedTest(name = "{0} within {1}: {2}")
    @CsvSource({
        "commands/pump-7/#, commands/{client}/#, true",
        "commands/pump-7, commands/{client}/#, true",
        "commands/pump-8/#, commands/{client}/#, false",
        "commands/+/stop, commands/{client}/#, false",
        "commands/#, commands/{client}/#, false",
        "#, commands/{client}/#, false",
        "+/a, +/+, true",
        "a/+, a/b, false",
        "a/#, a/+, false",
        "a/#, a/+/#, false",
        "a/b/c, a/+, false",
        "a/+/#, a/#, true",
        "#, #, true",
        "$SYS/broker/uptime, #, false",
        "$SYS/#, +/#, false",
        "$SYS/broker/#, $SYS/#, true",
        "+/#, #, true",
        "dev-pump-7/x, dev-{client}/x, true",
        "dev-pump-8/x, dev-{client}/x, false",
        "a/, a/+, true",
        "/, +/+, true"
    })
    @DisplayName("allow a subscription that lies within one rule, level by level")
    void coverage(String subscription, String rule, boolean allowed) {
        AccessRules rules = rules(Map.of("r", role(List.of(), List.of(rule), List.of(), List.of())));

        assertThat(maySubscribe(rules.permissions(known("r"), PUMP), subscription))
                .isEqualTo(allowed);
    }

    @Test
    @DisplayName("never allow a subscription that matches a topic which the rule does not match")
    void coverageIsSound() {
        List<String> words = List.of("a", "b", "+", "#", "$s", "");
        List<TopicName> topics = topics(List.of("a", "b", "$s", ""), 3);
        Random random = new Random(6);
        int allowed = 0;
        for (int i = 0; i < 20_000; i++) {
            TopicFilter rule = filter(words, random);
            TopicFilter subscription = filter(words, random);
            AccessRules rules = rules(Map.of("r", role(List.of(), List.of(rule.value()), List.of(), List.of())));
            Permissions permissions = rules.permissions(known("r"), PUMP);
            if (permissions.maySubscribe(subscription)) {
                allowed++;
                assertThat(topics.stream().filter(subscription::matches))
                        .as("%s within %s", subscription, rule)
                        .allMatch(rule::matches);
            }
            assertThat(topics.stream().filter(permissions::mayReceive).toList())
                    .as("received by %s", rule)
                    .isEqualTo(topics.stream().filter(rule::matches).toList());
        }
        assertThat(allowed).isGreaterThan(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/b", ".*", "[^x]-z", "{username}", "pump\u0000", "pump\n", "\u007f", "a+b"})
    @DisplayName("[A44] take a Client Identifier as the text of one level, never as a pattern or as several levels")
    void literalLevels(String clientId) {
        Permissions permissions = rules(Map.of("device", DEVICE)).permissions(known("device"), new ClientId(clientId));

        assertThat(mayPublish(permissions, "sensors/pump-7/x")).isFalse();
        assertThat(maySubscribe(permissions, "commands/+/x")).isFalse();
        assertThat(maySubscribe(permissions, "commands/#")).isFalse();
        assertThat(mayPublish(permissions, "sensors/a/b/x")).isFalse();
        assertThat(TopicName.parse("sensors/" + clientId + "/x").map(permissions::mayPublish))
                .isIn(Optional.empty(), Optional.of(isOneLevel(clientId)));
    }

    @Test
    @DisplayName("[B22] do not apply a rule whose variable has no value, and count that")
    void noValue() {
        AccessRules rules = rules(Map.of(
                "r",
                role(
                        List.of("u/{username}", "c/{cn}/{claim.site}", "x-{claim.none}/y", "plain"),
                        List.of("u/{username}/#"),
                        List.of(),
                        List.of())));
        Identity nameless =
                new Identity(null, Set.of("r"), Map.of("cn", "", "claim.site", "hall"), Identity.WITHOUT_END);
        Permissions permissions = rules.permissions(nameless, PUMP);

        assertThat(mayPublish(permissions, "u/null")).isFalse();
        assertThat(mayPublish(permissions, "u/")).isFalse();
        assertThat(mayPublish(permissions, "c//hall")).isFalse();
        assertThat(mayPublish(permissions, "x-/y")).isFalse();
        assertThat(maySubscribe(permissions, "u/+/#")).isFalse();
        assertThat(mayPublish(permissions, "plain")).isTrue();
        assertThat(rules.rulesWithoutValue()).isEqualTo(4);
    }

    @Test
    @DisplayName("fill in user name, common name and claims, also with text around them")
    void variables() {
        AccessRules rules = rules(Map.of(
                "r",
                role(
                        List.of("{username}/{cn}/at-{claim.site}-{claim.line}/#"),
                        List.of(),
                        List.of("+/+/+/{client}"),
                        List.of())));
        Permissions permissions = rules.permissions(
                new Identity(
                        "ann",
                        Set.of("r"),
                        Map.of("cn", "card", "claim.site", "hall", "claim.line", "3"),
                        Identity.WITHOUT_END),
                PUMP);

        assertThat(mayPublish(permissions, "ann/card/at-hall-3/x")).isTrue();
        assertThat(mayPublish(permissions, "ann/card/at-hall-4/x")).isFalse();
        assertThat(mayPublish(permissions, "bob/card/at-hall-3/x")).isFalse();
        assertThat(mayPublish(permissions, "ann/card/at-hall-3/pump-7")).isFalse();
    }

    @Test
    @DisplayName("give nobody a topic that begins with $ through a name that does")
    void reservedName() {
        AccessRules rules =
                rules(Map.of("r", role(List.of("{username}/#"), List.of("{username}/#"), List.of(), List.of())));
        Permissions permissions =
                rules.permissions(new Identity("$SYS", Set.of("r"), Map.of(), Identity.WITHOUT_END), PUMP);

        assertThat(mayPublish(permissions, "$SYS/broker/x")).isFalse();
        assertThat(maySubscribe(permissions, "$SYS/#")).isFalse();
        assertThat(mayReceive(permissions, "$SYS/broker/uptime")).isFalse();
    }

    @Test
    @DisplayName("[A43] take effect on permissions handed out before, when they change")
    void replaced() {
        AccessRules rules = rules(Map.of("device", DEVICE));
        Permissions permissions = rules.permissions(known("device"), PUMP);
        assertThat(mayPublish(permissions, "sensors/pump-7/x")).isTrue();
        assertThat(mayReceive(permissions, "news/today")).isTrue();

        rules.replace(Map.of("device", role(List.of("other/#"), List.of(), List.of(), List.of())));

        assertThat(mayPublish(permissions, "sensors/pump-7/x")).isFalse();
        assertThat(mayReceive(permissions, "news/today")).isFalse();
        assertThat(maySubscribe(permissions, "news/today")).isFalse();
        assertThat(mayPublish(permissions, "other/x")).isTrue();
    }

    @Test
    @DisplayName("remember decisions of each client and each direction apart")
    void remembered() {
        AccessRules rules = rules(Map.of("device", DEVICE));
        List<Permissions> clients = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            clients.add(rules.permissions(known("device"), new ClientId("c" + i)));
        }

        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < clients.size(); i++) {
                for (int j = 0; j < 300; j += 7) {
                    assertThat(mayPublish(clients.get(i), "sensors/c" + j)).isEqualTo(i == j);
                    assertThat(mayReceive(clients.get(i), "sensors/c" + j)).isFalse();
                    assertThat(mayReceive(clients.get(i), "commands/c" + j)).isEqualTo(i == j);
                }
            }
        }
    }

    @Test
    @DisplayName("decide about a topic of any length")
    void longTopic() {
        Permissions permissions = rules(Map.of("device", DEVICE)).permissions(known("device"), PUMP);

        assertThat(mayPublish(permissions, "sensors/pump-7" + "/x".repeat(30_000)))
                .isTrue();
        assertThat(mayPublish(permissions, "sensors/pump-8" + "/x".repeat(30_000)))
                .isFalse();
    }

    @Test
    @DisplayName("say which rule decides")
    void explained() {
        AccessRules rules = rules(
                Map.of("device", DEVICE, "quiet", role(List.of(), List.of(), List.of("sensors/+/alarm"), List.of())));
        Identity identity = known("device", "quiet");

        assertThat(rules.explainPublish(identity, PUMP, new TopicName("sensors/pump-7/x")))
                .isEqualTo(Decision.by(
                        new AccessRule("device", AccessRule.Kind.PUBLISH, RuleFilter.fromText("sensors/{client}/#"))));
        Decision denied = rules.explainPublish(identity, PUMP, new TopicName("sensors/pump-7/alarm"));
        assertThat(denied.allowed()).isFalse();
        assertThat(String.valueOf(denied.rule())).isEqualTo("role quiet, deny-publish sensors/+/alarm");
        assertThat(rules.explainPublish(identity, PUMP, new TopicName("x"))).isEqualTo(Decision.NONE);
        assertThat(rules.explainSubscribe(identity, PUMP, new TopicFilter("news/+"))
                        .allowed())
                .isTrue();
    }

    private static AccessRules rules(Map<String, RoleSettings> roles) {
        return new AccessRules(roles);
    }

    private static RoleSettings role(
            List<String> publish, List<String> subscribe, List<String> denyPublish, List<String> denySubscribe) {
        return new RoleSettings(filters(publish), filters(subscribe), filters(denyPublish), filters(denySubscribe));
    }

    private static List<RuleFilter> filters(List<String> texts) {
        return texts.stream().map(RuleFilter::fromText).toList();
    }

    private static Identity known(String... roles) {
        return new Identity("ann", Set.of(roles), Map.of(), Identity.WITHOUT_END);
    }

    private static boolean mayPublish(Permissions permissions, String topic) {
        return permissions.mayPublish(new TopicName(topic));
    }

    private static boolean mayReceive(Permissions permissions, String topic) {
        return permissions.mayReceive(new TopicName(topic));
    }

    private static boolean maySubscribe(Permissions permissions, String filter) {
        return permissions.maySubscribe(new TopicFilter(filter));
    }

    private static boolean isOneLevel(String text) {
        return text.chars().noneMatch(c -> c == '/' || c == '+' || c == '#' || Character.isISOControl(c));
    }

    private static TopicFilter filter(List<String> words, Random random) {
        while (true) {
            List<String> levels = Stream.generate(() -> words.get(random.nextInt(words.size())))
                    .limit(1 + random.nextInt(3))
                    .toList();
            var filter = TopicFilter.parse(String.join("/", levels));
            if (filter.isPresent()) {
                return filter.get();
            }
        }
    }

    private static List<TopicName> topics(List<String> words, int depth) {
        List<String> texts = new ArrayList<>(words);
        List<String> longest = words;
        for (int i = 1; i < depth; i++) {
            longest = longest.stream()
                    .flatMap(text -> words.stream().map(word -> text + "/" + word))
                    .toList();
            texts.addAll(longest);
        }
        return texts.stream().flatMap(text -> TopicName.parse(text).stream()).toList();
    }
}
