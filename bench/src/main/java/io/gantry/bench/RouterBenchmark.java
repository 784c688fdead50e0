// SPDX-License-Identifier: Apache-2.0
package io.gantry.bench;

import io.gantry.api.Router;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.List;
import java.util.Random;
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

/** What it costs to find who wants a Topic Name, found before or for the first time, and to change who wants it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouterBenchmark {
    /** More than the router remembers, so that walking through them finds each anew. */
    private static final int MANY_TOPICS = 1 << 17;

    private static final int FEW_TOPICS = 1 << 10;

    /** Devices that subscribe to one and the same filter. */
    private static final int CROWD = 20_000;

    private static final TopicFilter OF_THE_CROWD = new TopicFilter("announcements/#");

    private static final TopicFilter OF_ONE = new TopicFilter("sensors/site1/device-new/telemetry");

    private static final TopicFilter WITH_WILDCARD = new TopicFilter("sensors/site1/device-new/+");

    /** Filters of mixed shape: whole topics, a wildcard in the middle, everything below a level. */
    @Param({"1000", "100000"})
    public int filters;

    /** Routes beside them, each with a filter of its own. */
    @Param({"1", "1000"})
    public int routes;

    private final Router<Integer, List<Integer>> router = new Router<>(List::copyOf);
    private final TopicName[] topics = new TopicName[MANY_TOPICS];
    private int next;

    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < filters; i++) {
            String site = "site" + random.nextInt(1_000);
            String device = "device" + i;
            String filter =
                    switch (i % 4) {
                        case 0 -> "sensors/" + site + "/" + device + "/telemetry";
                        case 1 -> "sensors/" + site + "/+/" + device;
                        case 2 -> "sensors/+/" + device + "/telemetry";
                        default -> "commands/" + device + "/#";
                    };
            router.add(new TopicFilter(filter), i);
        }
        for (int i = 0; i < routes; i++) {
            router.add(new TopicFilter("route" + i + "/+/telemetry"), i);
        }
        router.add(new TopicFilter("sensors/+/+/telemetry"), -1);
        for (int i = 0; i < CROWD; i++) {
            router.add(OF_THE_CROWD, i);
        }
        for (int i = 0; i < MANY_TOPICS; i++) {
            topics[i] = new TopicName(
                    "sensors/site" + random.nextInt(1_000) + "/device" + random.nextInt(filters) + "/telemetry");
            router.audienceOf(topics[i]);
        }
    }

    /** A busy topic. */
    @Benchmark
    public List<Integer> knownTopic() {
        return router.audienceOf(topics[next++ & (FEW_TOPICS - 1)]);
    }

    /** A topic not seen for a long time. */
    @Benchmark
    public List<Integer> newTopic() {
        return router.audienceOf(topics[next++ & (MANY_TOPICS - 1)]);
    }

    /** A subscription without wildcards comes and goes while a busy topic is published. */
    @Benchmark
    public List<Integer> exactSubscription() {
        return comesAndGoes(OF_ONE);
    }

    /** The same with a wildcard. */
    @Benchmark
    public List<Integer> wildcardSubscription() {
        return comesAndGoes(WITH_WILDCARD);
    }

    private List<Integer> comesAndGoes(TopicFilter filter) {
        router.add(filter, -2);
        List<Integer> found = router.audienceOf(topics[next++ & (FEW_TOPICS - 1)]);
        router.remove(filter, -2);
        return found;
    }

    /** One of many with the same filter goes and comes back. */
    @Benchmark
    public void oneOfACrowd() {
        Integer one = (next++ * 7_919 & Integer.MAX_VALUE) % CROWD;
        router.remove(OF_THE_CROWD, one);
        router.add(OF_THE_CROWD, one);
    }
}
