// SPDX-License-Identifier: Apache-2.0
package io.gantry.bench;

import io.gantry.api.ClientId;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.security.RoleSettings;
import io.gantry.security.RuleFilter;
import io.gantry.security.access.AccessRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to say whether a client may publish: to a topic of his that was asked about lately, or for the first time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccessBenchmark {
    private static final int CLIENTS = 1_000;

    /** More than is remembered, so that walking through them decides each anew. */
    private static final int MANY_TOPICS = 1 << 18;

    /** Of mixed shape: whole topics, a wildcard, a variable; one of a hundred denies. */
    @Param({"10", "1000"})
    public int rules;

    private final List<Permissions> clients = new ArrayList<>();
    private final List<TopicName> own = new ArrayList<>();
    private final TopicName[] many = new TopicName[MANY_TOPICS];
    private int next;

    @Setup
    public void fill() {
        List<RuleFilter> allow = new ArrayList<>();
        List<RuleFilter> deny = new ArrayList<>();
        for (int i = 0; i < rules; i++) {
            String filter =
                    switch (i % 4) {
                        case 0 -> "plants/site" + i + "/{client}/#";
                        case 1 -> "plants/+/line" + i + "/{client}";
                        case 2 -> "plants/site" + i + "/alarm";
                        default -> "plants/site" + i + "/dev-{username}/+";
                    };
            (i % 100 == 99 ? deny : allow).add(RuleFilter.fromText(filter));
        }
        allow.add(RuleFilter.fromText("sensors/{client}/#"));
        AccessRules access = new AccessRules(Map.of("device", new RoleSettings(allow, List.of(), deny, List.of())));
        for (int i = 0; i < CLIENTS; i++) {
            String name = "device" + i;
            Identity identity = new Identity(name, Set.of("device"), Map.of(), Identity.WITHOUT_END);
            clients.add(access.permissions(identity, new ClientId(name)));
            own.add(new TopicName("sensors/" + name + "/temperature"));
        }
        for (int i = 0; i < MANY_TOPICS; i++) {
            many[i] = new TopicName("sensors/device" + i % CLIENTS + "/value" + i);
        }
    }

    /** A thousand clients publish to one topic each, by turns. */
    @Benchmark
    public boolean known() {
        int client = (next++ & Integer.MAX_VALUE) % CLIENTS;
        return clients.get(client).mayPublish(own.get(client));
    }

    /** Each publishes to a topic it has not used for a long time. */
    @Benchmark
    public boolean anew() {
        int topic = next++ & (MANY_TOPICS - 1);
        return clients.get(topic % CLIENTS).mayPublish(many[topic]);
    }
}
