// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.app.restart.Progress;
import io.gantry.app.restart.RawConnection.Version;
import io.gantry.app.restart.RecordingSubscriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** From a target system to two devices, whose messages one persistent session receives. */
final class DownLeg implements Leg {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1) / 100;
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);
    private static final int POISON_EVERY = 20;

    private final String connector;
    private final Peer peer;
    private final AdminClient admin;
    private final List<String> devices;
    private final RecordingSubscriber subscriber;
    private int last;

    /**
     * Makes the session.
     *
     * @param port of the gateway, for devices
     * @param up tells the subscriber whether the gateway is up
     */
    DownLeg(String connector, Peer peer, int port, AdminClient admin, Progress up) throws IOException {
        this.connector = connector;
        this.peer = peer;
        this.admin = admin;
        this.devices = List.of(connector + "-a", connector + "-b");
        this.subscriber = new RecordingSubscriber(connector + "-down", topic("+"), Version.V5, 1, port, up, null);
        subscriber.subscribe();
    }

    private String topic(String device) {
        return "down/" + connector + "/" + device;
    }

    /** Receives until it is interrupted while the gateway is away. */
    Callable<Void> receiver() {
        return () -> {
            subscriber.runUntil(Integer.MAX_VALUE);
            return null;
        };
    }

    @Override
    public List<Callable<Void>> senders(Progress progress, Sendings sendings, boolean withPoison) {
        return List.of(() -> {
            while (!progress.isFinishing()) {
                last++;
                Numbered message = new Numbered(devices.get(last % devices.size()), last);
                untilConfirmed(() -> peer.send(message), progress, sendings);
                sendings.confirm(message);
                if (withPoison && last % POISON_EVERY == 0) {
                    untilConfirmed(peer::sendPoison, progress, sendings);
                    sendings.confirmPoison();
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
            return null;
        });
    }

    /** What may fail, and is done again then. */
    private interface Attempt {
        void run() throws Exception;
    }

    private void untilConfirmed(Attempt attempt, Progress progress, Sendings sendings) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        boolean isConfirmed = false;
        for (int attempts = 1; !isConfirmed; attempts++) {
            progress.awaitUp();
            try {
                attempt.run();
                isConfirmed = true;
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception failure) {
                if (System.nanoTime() > deadline) {
                    throw failure;
                }
                if (attempts == 1) {
                    sendings.repeat();
                }
                LockSupport.parkNanos(this, AGAIN_NANOS);
            }
        }
    }

    @Override
    public List<Numbered> arrived() {
        List<Numbered> all = new ArrayList<>();
        for (String device : devices) {
            subscriber.recorded(topic(device)).forEach(number -> all.add(new Numbered(device, number)));
        }
        return all;
    }

    @Override
    public Books books() throws AdminException {
        Map<String, Long> events = admin.status().routes().stream()
                .filter(route -> route.name().equals(connector))
                .findFirst()
                .orElseThrow()
                .events();
        long rejected = events.get("down.rejected");
        long answered = events.get("down.accepted") + rejected + events.get("down.unavailable");
        long waiting = events.get("down.received") - answered;
        return new Books(rejected, waiting, events.get("down.looped") == 0);
    }
}
