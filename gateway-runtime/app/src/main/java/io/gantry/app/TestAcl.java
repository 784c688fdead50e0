// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.app.config.ConfigFile.Placed;
import io.gantry.app.yaml.Guess;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.security.AccessCheck;
import io.gantry.security.AccessRule;
import io.gantry.security.Decision;
import io.gantry.security.RoleSettings;
import io.gantry.security.SecuritySettings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry acl test}. */
@Command(
        name = "test",
        description = {
            "Says whether somebody may publish to a topic or make a subscription, and which rule decides.",
            "Ends with 0 when it is allowed, 1 when it is denied, 2 when that cannot be said."
        })
final class TestAcl implements Callable<Integer> {

    @Mixin
    private final ConfigOption config;

    @Mixin
    private final AskedClient client = new AskedClient();

    @Option(names = "--publish", paramLabel = "TOPIC", description = "The Topic Name to publish to.")
    private @Nullable String publish;

    @Option(names = "--subscribe", paramLabel = "FILTER", description = "The Topic Filter to subscribe to.")
    private @Nullable String subscribe;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    TestAcl(Function<String, @Nullable String> environment) {
        this.config = new ConfigOption(environment);
    }

    @Override
    public Integer call() {
        Placed read;
        try {
            read = config.loadWithPlaces();
        } catch (InvalidConfigException invalid) {
            invalid.problems().forEach(spec.commandLine().getErr()::println);
            return ExitCode.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        SecuritySettings security = read.settings().security();
        Map<String, RoleSettings> rules = security.roles();
        boolean allowed = true;
        if (rules == null) {
            topicToPublish();
            out.println("allowed: " + config.file() + " has no roles, so whoever is let in may do everything");
        } else {
            AccessCheck check = client.under(rules, security);
            Decision decision = decide(check);
            allowed = decision.allowed();
            out.println((allowed ? "allowed: " : "denied: ") + reason(decision, read, client.rolesUnder(security)));
            if (decision.rule() == null) {
                explainRoles(rules.keySet(), client.rolesUnder(security), out);
                explainVariables(check, out);
            }
        }
        out.flush();
        return allowed ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Decision decide(AccessCheck check) {
        TopicName topic = topicToPublish();
        return topic != null ? check.publish(topic) : check.subscribe(filterToSubscribe());
    }

    /** Null when it is asked about a subscription. */
    private @Nullable TopicName topicToPublish() {
        if ((publish == null) == (subscribe == null)) {
            throw refused("expected either --publish or --subscribe");
        }
        return publish == null
                ? null
                : TopicName.parse(publish)
                        .orElseThrow(() -> refused("--publish: '" + Visible.of(String.valueOf(publish))
                                + "' is not a Topic Name, which is not empty and has neither + nor #"));
    }

    private TopicFilter filterToSubscribe() {
        return TopicFilter.parse(String.valueOf(subscribe))
                .orElseThrow(() -> refused("--subscribe: '" + Visible.of(String.valueOf(subscribe))
                        + "' is not a Topic Filter: + stands for a whole level, # only at the end"));
    }

    private static String reason(Decision decision, Placed read, Set<String> roles) {
        AccessRule rule = decision.rule();
        if (rule != null) {
            return rule + " (" + read.places().apply(rule.filter()) + ")";
        }
        return roles.isEmpty()
                ? "without a role nothing is allowed"
                : "no rule of " + (roles.size() == 1 ? "role " : "roles ") + String.join(", ", new TreeSet<>(roles))
                        + " allows it";
    }

    /** A file of users may give roles that the configuration does not have. */
    private static void explainRoles(Set<String> known, Set<String> roles, PrintWriter out) {
        for (String role : new TreeSet<>(roles)) {
            if (!known.contains(role)) {
                out.println("no role is called '" + Visible.of(role) + "'" + Guess.among(role, known));
            }
        }
    }

    private static void explainVariables(AccessCheck check, PrintWriter out) {
        for (String variable : check.variablesWithoutValue()) {
            out.println("rules with {" + variable + "} do not apply: it has no value that is the text of one level");
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
