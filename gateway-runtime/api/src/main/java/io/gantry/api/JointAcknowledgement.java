// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/** The way back of a message that several must take: answers once, when the last has, with the worst of their answers. */
public final class JointAcknowledgement implements Acknowledgement {
    private final Acknowledgement whole;
    private int open;
    private Delivery soFar = Delivery.accepted();

    /**
     * Waits for as many answers as given.
     *
     * @param parts at least 1
     */
    public JointAcknowledgement(int parts, Acknowledgement whole) {
        this.open = parts;
        this.whole = whole;
    }

    @Override
    public void complete(Delivery part) {
        Delivery answer;
        synchronized (this) {
            soFar = soFar.and(part);
            open--;
            if (open > 0) {
                return;
            }
            answer = soFar;
        }
        whole.complete(answer);
    }
}
