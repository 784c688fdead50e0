// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Delivery;
import io.gantry.api.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A target that keeps a batch and a position all or none, and fails where a test says so. */
final class ScriptedTransactions implements Transactions {
    private final ScriptedTarget target;
    private final List<String> kept = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private String journal = "";
    private long position;
    private int offeredBefore;
    private Delivery recovering = Delivery.accepted();
    private Delivery beginning = Delivery.accepted();
    private Delivery committing = Delivery.accepted();
    private boolean keepsWhatFails;
    private boolean breaks;

    ScriptedTransactions(ScriptedTarget target) {
        this.target = target;
    }

    /** What reading the position answers from now on. */
    void recovers(Delivery outcome) {
        recovering = outcome;
    }

    void begins(Delivery outcome) {
        beginning = outcome;
    }

    /**
     * What a commit answers from now on.
     *
     * @param keeps whether the target has the batch although it did not say so
     */
    void commits(Delivery outcome, boolean keeps) {
        committing = outcome;
        keepsWhatFails = keeps;
    }

    /** Throws instead of answering from now on. */
    void breaks(boolean whether) {
        breaks = whether;
    }

    /** Payloads the target has for good, in order. */
    List<String> kept() {
        return kept;
    }

    /** What was called. */
    List<String> steps() {
        return steps;
    }

    long position() {
        return position;
    }

    @Override
    public Recovered recover(String name) {
        steps.add("recover");
        mayBreak();
        if (!(recovering instanceof Delivery.Accepted)) {
            return new Recovered(recovering, OptionalLong.empty());
        }
        boolean same = journal.equals(name);
        if (!same) {
            journal = name;
            position = 0;
        }
        return new Recovered(recovering, same ? OptionalLong.of(position) : OptionalLong.empty());
    }

    private void mayBreak() {
        if (breaks) {
            throw new IllegalStateException("broken");
        }
    }

    @Override
    public Delivery begin() {
        steps.add("begin");
        mayBreak();
        offeredBefore = target.taken().size();
        return beginning;
    }

    @Override
    public Delivery commit(long reached) {
        steps.add("commit " + reached);
        mayBreak();
        if (committing instanceof Delivery.Accepted || keepsWhatFails) {
            kept.addAll(target.taken().subList(offeredBefore, target.taken().size()));
            position = reached;
        }
        return committing;
    }

    @Override
    public void abort() {
        steps.add("abort");
        mayBreak();
    }
}
