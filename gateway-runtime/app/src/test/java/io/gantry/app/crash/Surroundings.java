// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import io.gantry.app.restart.RawConnection.Version;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** What is around a gateway: a Kafka and an HTTP target, each behind a network that can be made faulty. */
final class Surroundings implements AutoCloseable {
    /** Messages of a route that may be in memory. */
    private static final int IN_FLIGHT = 500;

    private static final AtomicInteger RUNS = new AtomicInteger();

    private final FaultProxy kafkaNetwork;
    private final KafkaServer kafka;
    private final ScriptedHttp http;
    private final FaultProxy httpNetwork;

    Surroundings() throws IOException {
        kafkaNetwork = new FaultProxy(LoopbackPorts.free(), LoopbackPorts.free());
        kafka = KafkaServer.start(new KafkaServer.Proxied(kafkaNetwork.targetPort(), kafkaNetwork.port()));
        http = new ScriptedHttp(LoopbackPorts.free());
        httpNetwork = new FaultProxy(LoopbackPorts.free(), http.port());
    }

    FaultProxy kafkaNetwork() {
        return kafkaNetwork;
    }

    FaultProxy httpNetwork() {
        return httpNetwork;
    }

    KafkaServer kafka() {
        return kafka;
    }

    ScriptedHttp http() {
        return http;
    }

    /** Ends all trouble, and forgets what HTTP has taken. */
    void settle() throws IOException, InterruptedException {
        kafkaNetwork.make(Trouble.NONE);
        httpNetwork.make(Trouble.NONE);
        http.answerBy(HttpScript.always(HttpAnswer.OK));
        http.forget();
    }

    /**
     * A gateway that does not run yet, with routes of the names given to a Kafka topic each, from what devices publish
     * below the route's name.
     *
     * @param more of each route's side of Kafka
     */
    LoadedGateway toKafka(Path folder, String more, String... routes) throws IOException {
        return gateway(folder, "store", more, "", routes);
    }

    /** The same with HTTP as second target of every route. */
    LoadedGateway toBoth(Path folder, String route) throws IOException {
        LoadedGateway gateway = gateway(
                folder, "store", "", ", {api: {method: POST, path: /in, headers: {Topic-Name: \"{topic}\"}}}", route);
        gateway.watch(route + "/api", http::seen);
        return gateway;
    }

    /** The same with its store in a directory, named from the folder or absolutely. */
    LoadedGateway storingIn(Path folder, Path store) throws IOException {
        return gateway(folder, store.toString(), "", "", "a");
    }

    private LoadedGateway gateway(Path folder, String store, String more, String besides, String... routes)
            throws IOException {
        StringBuilder settings =
                new StringBuilder("""
                endpoints:
                  plant: {kafka: {brokers: "127.0.0.1:%d", request-timeout: 3s, delivery-timeout: 5s}}
                  %s
                routes:
                """.formatted(kafkaNetwork.port(), besides.isEmpty() ? "" : httpEndpoint()));
        Map<String, Target> targets = new HashMap<>();
        for (String route : routes) {
            KafkaTarget target = new KafkaTarget(kafka, route + RUNS.incrementAndGet());
            targets.put(route + "/plant", target);
            settings.append("""
                      %s:
                        from: {mqtt: "%s/{device}"}
                        to: [%s%s]
                        delivery: {max-in-flight: %d, retry: {initial: 50ms, max: 500ms}}
                    """.formatted(route, route, target.side(more), besides, IN_FLIGHT));
        }
        LoadedGateway gateway = new LoadedGateway(folder, store, settings.toString());
        targets.forEach(gateway::watch);
        return gateway;
    }

    private String httpEndpoint() {
        return "api: {http: {url: \"http://127.0.0.1:%d\", response-timeout: 2s}}".formatted(httpNetwork.port());
    }

    /** Three devices, of both versions, that publish to a route each in turn. */
    static void publish(LoadedGateway gateway, List<Integer> qos, String... routes) {
        publish(gateway, Load.of(qos, routes));
    }

    /** The same, and each takes no for an answer. */
    static void publishRefusable(LoadedGateway gateway, List<Integer> qos, String... routes) {
        publish(gateway, Load.of(qos, routes).refusable());
    }

    private static void publish(LoadedGateway gateway, Load load) {
        gateway.publish("d1", Version.V5, load);
        gateway.publish("d2", Version.V3_1_1, load);
        gateway.publish("d3", Version.V5, load);
    }

    /**
     * What may be expected of routes.
     *
     * @param interruptions after which what was in memory may come again, as well as what was confirmed and not yet out of
     *     the outbox
     */
    static Promise atLeastOnce(int interruptions, String... outboxes) {
        return Promise.atLeastOnce(predicates(outboxes), 2L * IN_FLIGHT * interruptions * outboxes.length);
    }

    static Promise exactlyOnce(String... outboxes) {
        return Promise.exactlyOnce(predicates(outboxes));
    }

    private static Map<String, Predicate<String>> predicates(String... outboxes) {
        Map<String, Predicate<String>> predicates = new HashMap<>();
        for (String outbox : outboxes) {
            String route = outbox.substring(0, outbox.indexOf('/') + 1);
            predicates.put(outbox, topic -> topic.startsWith(route));
        }
        return predicates;
    }

    @Override
    public void close() throws IOException {
        kafka.close();
        kafkaNetwork.close();
        httpNetwork.close();
        http.close();
    }
}
