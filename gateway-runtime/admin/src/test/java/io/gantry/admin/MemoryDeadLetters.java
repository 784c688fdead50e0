// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.store.DeadLetter;
import io.gantry.delivery.DeadLetterSelection;
import io.gantry.delivery.DeadLetters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Dead letters in a map; a replayed one is gone, and one of the route {@code unknown} cannot be replayed. */
final class MemoryDeadLetters implements DeadLetters {
    private final ConcurrentSkipListMap<Long, DeadLetter> byNumber = new ConcurrentSkipListMap<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean held;

    void add(String route, String clientId, String topic, Payload payload, String error, long atMillis) {
        long number = byNumber.isEmpty() ? 1 : byNumber.lastKey() + 1;
        MessageProperties properties = new MessageProperties(
                null, 60L, "text/plain", null, Payload.ofText("c"), List.of(new UserProperty("k", "v")));
        Message message = new Message(
                new MessageId(36, number),
                new TopicName(topic),
                payload,
                Qos.AT_LEAST_ONCE,
                false,
                properties,
                new Origin.Device(new ClientId(clientId), null),
                atMillis - 1_000);
        byNumber.put(number, new DeadLetter(number, route, message, 3, error, atMillis));
    }

    /** From now on nothing that changes comes back before the latch opens. */
    void hold(CountDownLatch latch) {
        gate = latch;
    }

    @Override
    public List<DeadLetter> list(DeadLetterSelection selection, long after, int most) {
        return byNumber.tailMap(after, false).values().stream()
                .filter(letter -> fits(selection, letter))
                .limit(most)
                .toList();
    }

    private static boolean fits(DeadLetterSelection selection, DeadLetter letter) {
        String route = selection.route();
        String id = selection.id();
        return (route == null || letter.route().equals(route) || letter.route().startsWith(route + "/"))
                && (id == null || letter.message().id().toString().equals(id))
                && letter.atMillis() >= selection.fromMillis()
                && letter.atMillis() < selection.beforeMillis();
    }

    @Override
    public Report replay(DeadLetterSelection selection, boolean dryRun) {
        return take(selection, dryRun, "unknown");
    }

    @Override
    public Report drop(DeadLetterSelection selection, boolean dryRun) {
        return take(selection, dryRun, "");
    }

    private Report take(DeadLetterSelection selection, boolean dryRun, String leaveRoute) {
        awaitGate();
        long done = 0;
        long left = 0;
        for (DeadLetter letter : byNumber.values()) {
            if (!fits(selection, letter)) {
                continue;
            }
            if (letter.route().equals(leaveRoute)) {
                left++;
            } else {
                done++;
                if (!dryRun) {
                    byNumber.remove(letter.number());
                }
            }
        }
        return new Report(done, left == 0 ? Map.of() : Map.of("no such route", left));
    }

    /** Whether somebody waits for the latch. */
    boolean isHeld() {
        return held;
    }

    private void awaitGate() {
        held = true;
        try {
            if (!gate.await(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("held for too long");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long messages() {
        return byNumber.size();
    }

    @Override
    public long bytes() {
        return byNumber.values().stream()
                .mapToLong(letter -> letter.message().payload().size())
                .sum();
    }
}
