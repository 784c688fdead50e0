// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;

/** One request under way: the first thing that comes of it is its end. */
final class Sending extends MessageObserverAdapter {
    private final boolean awaitsAnswer;
    private final Deadlines deadlines;
    private final Target.Ending ending;
    private final long sinceNanos = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Request request;
    private volatile Sockets.@Nullable Socket socket;

    /**
     * Nothing is sent yet.
     *
     * @param awaitsAnswer whether it is over when it is answered, rather than when it is sent
     * @param deadlines has its own, until it ends
     */
    Sending(boolean awaitsAnswer, Deadlines deadlines, Target.Ending ending) {
        this.awaitsAnswer = awaitsAnswer;
        this.deadlines = deadlines;
        this.ending = ending;
    }

    /** The request that is about to be sent. */
    void sends(Request sent, Sockets.Socket from) {
        request = sent;
        socket = from;
        sent.addMessageObserver(this);
        if (ended.get()) {
            sent.cancel();
        }
    }

    @Override
    public void onSent(boolean retransmission) {
        if (!awaitsAnswer) {
            end(null, null);
        }
    }

    @Override
    public void onResponse(Response response) {
        Sockets.Socket used = socket;
        if (used != null) {
            used.answered();
        }
        end(response, null);
    }

    @Override
    public void onTimeout() {
        fail(new NoAnswerException("no acknowledgement"));
    }

    @Override
    public void onReject() {
        fail(new NoAnswerException("reset"));
    }

    @Override
    public void onCancel() {
        fail(new NoAnswerException("given up"));
    }

    @Override
    public void onSendError(Throwable error) {
        fail(error);
    }

    @Override
    public void onResponseHandlingError(Throwable cause) {
        fail(cause);
    }

    /** Does nothing when it has ended. */
    void fail(Throwable failure) {
        Sockets.Socket used = socket;
        if (used != null) {
            used.failed(sinceNanos);
        }
        end(null, failure);
    }

    private void end(@Nullable Response response, @Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        deadlines.remove(this);
        Request under = request;
        if (under != null && response == null) {
            // Nothing of it stays behind, and a late answer finds nobody.
            under.cancel();
        }
        ending.ended(response, failure);
    }
}
