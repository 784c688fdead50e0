// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import io.gantry.api.TopicName;
import io.gantry.api.TopicTree;
import io.gantry.security.AccessRule;
import io.gantry.security.AccessRule.Kind;
import io.gantry.security.Decision;
import io.gantry.security.RoleSettings;
import io.gantry.security.RuleFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One role's rules, found by topic. They are the same for everybody who has it: a level with a variable stands in the tree as
 * {@code +}, and what it stands for is compared when the tree has found the rule. Any thread.
 */
final class Role {
    private final TopicTree<AccessRule> publish = new TopicTree<>();
    private final TopicTree<AccessRule> receive = new TopicTree<>();
    private final List<AccessRule> allowSubscribe = new ArrayList<>();
    private final List<AccessRule> denySubscribe = new ArrayList<>();
    private final Map<String, Integer> rulesWithVariable = new TreeMap<>();

    Role(String name, RoleSettings settings) {
        settings.publish().forEach(filter -> add(publish, new AccessRule(name, Kind.PUBLISH, filter)));
        settings.denyPublish().forEach(filter -> add(publish, new AccessRule(name, Kind.DENY_PUBLISH, filter)));
        for (RuleFilter filter : settings.subscribe()) {
            allowSubscribe.add(add(receive, new AccessRule(name, Kind.SUBSCRIBE, filter)));
        }
        for (RuleFilter filter : settings.denySubscribe()) {
            denySubscribe.add(add(receive, new AccessRule(name, Kind.DENY_SUBSCRIBE, filter)));
        }
    }

    private AccessRule add(TopicTree<AccessRule> tree, AccessRule rule) {
        tree.add(rule.filter().shape(), rule);
        rule.filter().variables().forEach(variable -> rulesWithVariable.merge(variable, 1, Integer::sum));
        return rule;
    }

    /** How many rules apply to nobody without a value of a variable, by the names of the variables. */
    Map<String, Integer> rulesWithVariable() {
        return rulesWithVariable;
    }

    /** The rule that decides about a topic as far as this role goes: one that denies before one that allows. */
    @Nullable AccessRule decide(boolean publishing, TopicName topic, Variables values) {
        List<AccessRule> found = new ArrayList<>();
        (publishing ? publish : receive).match(topic, found);
        AccessRule allowing = null;
        for (int i = 0; i < found.size(); i++) {
            AccessRule rule = found.get(i);
            boolean isNews = rule.kind().denies() || allowing == null;
            if (isNews && rule.filter().fits(topic, values)) {
                if (rule.kind().denies()) {
                    return rule;
                }
                allowing = rule;
            }
        }
        return allowing;
    }

    /** As the other one, about the levels of a subscription's filter: what one rule allows whole, and none denies whole. */
    @Nullable AccessRule decide(List<String> levels, Variables values) {
        AccessRule denying = covering(denySubscribe, levels, values);
        return denying != null ? denying : covering(allowSubscribe, levels, values);
    }

    private static @Nullable AccessRule covering(List<AccessRule> rules, List<String> levels, Variables values) {
        for (AccessRule rule : rules) {
            if (rule.filter().covers(levels, values)) {
                return rule;
            }
        }
        return null;
    }

    /** Joins what roles say: one that denies wins, and without any nothing is allowed. */
    static Decision joined(List<Role> roles, RuleOf ruleOf) {
        AccessRule allowing = null;
        for (int i = 0; i < roles.size(); i++) {
            AccessRule rule = ruleOf.of(roles.get(i));
            if (rule != null && rule.kind().denies()) {
                return Decision.by(rule);
            }
            allowing = allowing == null ? rule : allowing;
        }
        return allowing == null ? Decision.NONE : Decision.by(allowing);
    }

    /** What one role says. */
    @FunctionalInterface
    interface RuleOf {
        @Nullable AccessRule of(Role role);
    }
}
