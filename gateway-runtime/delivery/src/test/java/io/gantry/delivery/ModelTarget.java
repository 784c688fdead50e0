// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** A target that answers as chance will have it, but never breaks its word: what it accepted it has, and in order. */
final class ModelTarget implements Sink, Transactions {
    private final Random chance;
    private final boolean keepsOrder;
    private final List<Message> taken = new ArrayList<>();
    private final Set<MessageId> poison = new HashSet<>();
    private final List<Offer> open = new ArrayList<>();
    private final List<Message> batch = new ArrayList<>();
    private long position;
    private boolean healthy;

    private record Offer(Message message, Acknowledgement acknowledgement) {}

    ModelTarget(Random chance, boolean keepsOrder) {
        this.chance = chance;
        this.keepsOrder = keepsOrder;
    }

    /** Everything it has for good, in the order in which it came. */
    List<Message> taken() {
        return taken;
    }

    boolean neverTakes(Message message) {
        return poison.contains(message.id());
    }

    /** From now on it takes everything but what it never takes. */
    void recovers() {
        healthy = true;
    }

    /** The gateway died: what was open may have been taken or not. */
    void forgets(boolean transactional) {
        if (!transactional && chance.nextBoolean()) {
            open.stream()
                    .findFirst()
                    .filter(offer -> !poison.contains(offer.message().id()))
                    .ifPresent(this::takeForGood);
        }
        open.clear();
        batch.clear();
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        if (!poison.contains(message.id()) && chance.nextInt(20) == 0) {
            poison.add(message.id());
        }
        if (chance.nextInt(40) == 0 && !healthy && !keepsOrder) {
            throw new IllegalStateException("broken");
        }
        open.add(new Offer(message, acknowledgement));
    }

    boolean isOpen() {
        return !open.isEmpty();
    }

    /** Answers something. */
    void answer(boolean transactional) {
        if (open.isEmpty()) {
            return;
        }
        Offer offer = open.remove(keepsOrder ? 0 : chance.nextInt(open.size()));
        if (poison.contains(offer.message().id())) {
            offer.acknowledgement().complete(ScriptedTarget.NEVER);
        } else if (healthy || chance.nextInt(3) > 0) {
            if (transactional) {
                batch.add(offer.message());
            } else {
                takeForGood(offer);
            }
            offer.acknowledgement().complete(Delivery.accepted());
        } else {
            fail(offer);
        }
    }

    private void takeForGood(Offer offer) {
        taken.add(offer.message());
    }

    private void fail(Offer offer) {
        Delivery why = notNow();
        offer.acknowledgement().complete(why);
        if (keepsOrder) {
            // once one has failed, nothing offered after it may still be delivered
            List<Offer> behind = new ArrayList<>(open);
            open.clear();
            behind.forEach(later -> later.acknowledgement().complete(why));
        }
    }

    private Delivery notNow() {
        return switch (chance.nextInt(3)) {
            case 0 -> ScriptedTarget.MEND;
            case 1 -> new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "busy", Retry.after(Duration.ofSeconds(3)));
            default -> ScriptedTarget.AWAY;
        };
    }

    @Override
    public Recovered recover(String journal) {
        batch.clear();
        return healthy || chance.nextInt(3) > 0
                ? new Recovered(Delivery.accepted(), OptionalLong.of(position))
                : new Recovered(notNow(), OptionalLong.empty());
    }

    @Override
    public Delivery begin() {
        batch.clear();
        return healthy || chance.nextInt(4) > 0 ? Delivery.accepted() : notNow();
    }

    @Override
    public Delivery commit(long reached) {
        boolean fails = !healthy && chance.nextInt(3) == 0;
        if (!fails || chance.nextBoolean()) {
            taken.addAll(batch);
            position = reached;
        }
        batch.clear();
        return fails ? notNow() : Delivery.accepted();
    }

    @Override
    public void abort() {
        batch.clear();
    }
}
