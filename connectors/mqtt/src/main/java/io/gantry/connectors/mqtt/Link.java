// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Paho's client of one version of MQTT, for one connection. It never connects again: that is {@link RemoteClient}'s, which
 * asks for a new login each time. Of QoS 2 it only knows how to write PUBLISH: Paho acknowledges before a route has a message,
 * and goes on with those half way in a manner that Mosquitto takes for a protocol error.
 */
interface Link {

    /** Is told what happens, on Paho's threads. */
    interface Events {

        /** A message; its acknowledgement waits for {@link Link#acknowledge}. May wait, and so stops the reading. */
        void arrived(Incoming message) throws InterruptedException;

        /** Whether a message of QoS 2 may come. */
        boolean expectsExact();

        /** PUBREL: what came at QoS 2 under a Packet Identifier will not come again; false when nothing did. */
        boolean released(int packetId);

        /** PUBREC. */
        void received(int packetId, int code);

        /** PUBCOMP. */
        void completed(int packetId, int code);

        /** The connection has ended. */
        void lost(Trouble why);
    }

    /** Could not be done, with the reason. Without a stack trace: it is an outcome, not a bug. */
    final class LinkException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Trouble trouble;

        LinkException(Trouble trouble) {
            super(trouble.detail(), null, false, false);
            this.trouble = trouble;
        }

        Trouble trouble() {
            return trouble;
        }
    }

    /** Connects and waits for the answer. */
    Announced connect(BrokerUrl url, Login login, SessionUse session) throws LinkException;

    /**
     * Publishes at QoS 0 or 1 without waiting.
     *
     * @param confirmed is given the broker's reason code, 0 where it gives none; never called when the connection is lost
     *     before
     */
    void publish(OutgoingMessage message, Qos qos, IntConsumer confirmed) throws LinkException;

    /**
     * Subscribes without waiting.
     *
     * @param subscriptionId 0 for none
     * @param granted is given the code of each filter; all 0x80 when it failed as a whole
     */
    void subscribe(MqttFrom from, Qos qos, int subscriptionId, Consumer<List<Integer>> granted) throws LinkException;

    /** Sends PUBACK, or PUBREC at QoS 2. */
    void acknowledge(int packetId, Qos qos);

    /** The PUBLISH of a message of QoS 2. */
    byte[] packet(OutgoingMessage message, int packetId, boolean duplicate) throws LinkException;

    /** Sends a whole packet beside Paho, without waiting. */
    void send(byte[] packet);

    /** Ends the connection and the client. */
    void close();
}
