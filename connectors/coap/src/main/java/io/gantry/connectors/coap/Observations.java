// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.CallerBans;
import io.gantry.connectors.spi.MessageHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.observe.ObserveManager;
import org.eclipse.californium.elements.config.Configuration;

/**
 * The topics that CoAP clients observe (RFC 7641): each is watched once, however many observe it, for as long as somebody
 * does. An observer is sent the newest message when it has acknowledged the one before; what came between is left out.
 */
final class Observations {
    private final DeviceSide devices;
    private final CallerBans bans;
    private final Executor executor;
    private final ObserveManager manager;
    private final Map<TopicName, ObservedTopic> topics = new HashMap<>();
    private final AtomicBoolean ending = new AtomicBoolean();

    /**
     * Nobody observes yet.
     *
     * @param executor sends notifications
     */
    Observations(DeviceSide devices, Configuration configuration, Executor executor) {
        this.devices = devices;
        this.bans = devices.bans();
        this.executor = executor;
        this.manager = new ObserveManager(configuration);
    }

    /**
     * Answers a request to observe, and goes on.
     *
     * @param content of the topic now, looked up after the topic is watched, so that nothing is missed between
     */
    void observe(IncomingRequest request, TopicName topic, Supplier<Response> content) {
        if (manager.getConfiguration().get(CoapConfig.MAX_SERVER_OBSERVES) == 0 || manager.isFull()) {
            request.refuse(Answers.later("too many topics are observed"));
            return;
        }
        ObservedTopic observed = enter(topic);
        try {
            int before = observed.version();
            request.exchange().getRequest().setProtectFromOffload();
            manager.addObserveRelation(request.exchange(), new Observer(observed, request));
            request.answer(content.get());
            if (isBanned(request)) {
                // since it was let in: whoever banned him has not seen this observation
                observed.end(this::isBanned);
            }
            if (observed.version() != before) {
                observed.notifyAllLater();
            }
        } finally {
            leave(observed);
        }
    }

    /** Ends the observation that the request itself has begun before, if there is one. */
    void cancel(IncomingRequest request) {
        if (request.exchange().getRequest().isObserveCancel()) {
            manager.cancelObserveRelation(request.exchange());
        }
    }

    /** Ends, soon, the observations of those who are banned by now. */
    void endBanned() {
        if (ending.compareAndSet(false, true)) {
            try {
                executor.execute(this::endBannedNow);
            } catch (RejectedExecutionException closing) {
                ending.set(false);
            }
        }
    }

    private void endBannedNow() {
        ending.set(false);
        topicsNow().forEach(observed -> observed.end(this::isBanned));
    }

    private boolean isBanned(IncomingRequest request) {
        return bans.isBanned(request.from().getAddress(), request.username());
    }

    private synchronized List<ObservedTopic> topicsNow() {
        return List.copyOf(topics.values());
    }

    /** A message as the content of its topic. */
    static Response contentOf(Message message) {
        Response response = new Response(ResponseCode.CONTENT);
        response.setPayload(message.payload().sharedBytes());
        String type = message.properties().contentType();
        Integer number = type == null ? null : ContentFormats.numberOf(type);
        if (number != null) {
            response.getOptions().setContentFormat(number);
        }
        Long left = MessageHeaders.expirySecondsLeft(message, System.currentTimeMillis());
        if (left != null) {
            response.getOptions().setMaxAge(left);
        }
        return response;
    }

    private synchronized ObservedTopic enter(TopicName topic) {
        ObservedTopic observed = topics.computeIfAbsent(topic, name -> new ObservedTopic(name, this, executor));
        observed.enter();
        if (!observed.isWatched()) {
            TopicFilter filter = TopicFilter.parse(topic.value()).orElseThrow();
            observed.watch(devices.watch(filter, observed));
        }
        return observed;
    }

    /** An observer has come, while somebody was inside. */
    synchronized void stays(ObservedTopic observed) {
        observed.enter();
    }

    /** Whoever entered, and each observer that is gone. */
    synchronized void leave(ObservedTopic observed) {
        if (observed.leave() == 0) {
            topics.remove(observed.topic(), observed);
            observed.unwatch();
        }
    }
}
