// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.store.StoreWrite;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.RefusedPublish;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Device;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.PublishOutcome;
import io.gantry.mqtt.session.Session;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** PUBLISH of one connection: checks what the device may, and hands the message on. */
final class Publishing {
    private static final Delivery.Rejected NOT_ALLOWED =
            new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "not allowed to publish to this topic");
    private static final Delivery.Rejected RESERVED_TOPIC =
            new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "topics that begin with $ are the server's");
    private static final Delivery.Rejected TOO_MANY_PROPERTIES =
            new Delivery.Rejected(ReasonCode.QUOTA_EXCEEDED, "more properties than are taken");

    private final Home home;
    private final Session session;
    private final Origin.Device origin;
    private final Device device;
    private final Channel channel;
    private final TopicAliases aliases;
    private final Acknowledgement qos0Outcome;

    /** For one connection. */
    Publishing(Home home, Session session, Origin.Device origin, Device device, Channel channel, TopicAliases aliases) {
        this.home = home;
        this.session = session;
        this.origin = origin;
        this.device = device;
        this.channel = channel;
        this.aliases = aliases;
        this.qos0Outcome = this::countQos0;
    }

    /** False when the device broke the rules and is gone. */
    boolean onPublish(Packet packet) {
        boolean refused = packet instanceof RefusedPublish;
        Publish publish = refused ? ((RefusedPublish) packet).publish() : (Publish) packet;
        TopicName topic = topicOf(publish);
        if (topic == null || isUnsupported(publish)) {
            return false;
        }
        home.counters().count(Counter.MESSAGES_RECEIVED);
        if (publish.qos() == Qos.AT_MOST_ONCE) {
            if (home.overload().isShedding()) {
                // nobody was promised anything, and every message not carried is room for one that was
                home.counters().count(Counter.MESSAGES_SHED);
                return true;
            }
            handOn(publish, topic, refused, null, qos0Outcome);
            return true;
        }
        PublishOutcome outcome = session.onPublish(publish, device);
        if (outcome instanceof PublishOutcome.Forward forward) {
            handOn(publish, topic, refused, session.receiving(publish), forward.receipt());
        } else if (outcome instanceof PublishOutcome.Violation violation) {
            violated(violation.reasonCode(), violation.statement());
            return false;
        }
        return true;
    }

    /** True when the device wants what it was told not to get, and is gone. */
    private boolean isUnsupported(Publish publish) {
        if (publish.qos().level() > home.limits().maxQos().level()) {
            violated(ReasonCode.QOS_NOT_SUPPORTED, "above the Maximum QoS [5.0/MQTT-3.2.2-11]");
            return true;
        }
        boolean vain = publish.retain() && !home.limits().takesRetained();
        if (vain) {
            violated(ReasonCode.RETAIN_NOT_SUPPORTED, "nothing is retained here [5.0/MQTT-3.2.2-14]");
        }
        return vain;
    }

    private void handOn(
            Publish publish,
            TopicName topic,
            boolean refused,
            @Nullable Consumer<StoreWrite> also,
            Acknowledgement acknowledgement) {
        boolean allowed = refused || session.authorization().mayPublish(topic, publish.properties());
        if (refused || !allowed) {
            reject(refused ? TOO_MANY_PROPERTIES : NOT_ALLOWED, acknowledgement);
        } else if (!topic.isReserved()) {
            Message message = home.message(publish, topic, origin);
            home.distributor().fromDevice(message, session, also, acknowledgement);
        } else if (home.distributor().serverTopics().fromBridge(home.message(publish, topic, origin))) {
            acknowledgement.complete(Delivery.accepted());
        } else {
            reject(RESERVED_TOPIC, acknowledgement);
        }
    }

    private void reject(Delivery.Rejected why, Acknowledgement acknowledgement) {
        ViolationLog.refused(channel, session.clientId().value(), why.code(), why.reason());
        acknowledgement.complete(why);
    }

    /** The Topic Name, through its alias if it has one; null when the device broke the rules and is gone. */
    private @Nullable TopicName topicOf(Publish publish) {
        if (publish.topicAlias() == 0) {
            return publish.topic();
        }
        TopicAliases.Meaning meaning = aliases.of(publish);
        if (meaning instanceof TopicAliases.Topic topic) {
            return topic.name();
        }
        TopicAliases.Nothing nothing = (TopicAliases.Nothing) meaning;
        if (nothing.reasonCode() == ReasonCode.QUOTA_EXCEEDED) {
            home.counters().count(Counter.TOPIC_ALIASES_REFUSED);
            device.disconnect(nothing.reasonCode(), nothing.detail());
        } else {
            violated(nothing.reasonCode(), nothing.detail());
        }
        return null;
    }

    private void violated(ReasonCode reason, String detail) {
        home.counters().count(Counter.PROTOCOL_ERRORS);
        device.disconnect(reason, detail);
    }

    private void countQos0(Delivery delivery) {
        if (delivery instanceof Delivery.Unavailable) {
            home.counters().count(Counter.MESSAGES_UNAVAILABLE);
        } else if (delivery instanceof Delivery.Rejected) {
            home.counters().count(Counter.MESSAGES_REJECTED);
        }
    }
}
