// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.Qos;
import io.gantry.api.UserProperty;
import java.util.List;

/**
 * A device wants messages [5.0 §3.8].
 *
 * @param subscriptionId 1 to 268,435,455; 0 when there is none
 * @param requests at least one, in the order sent
 */
public record Subscribe(int packetId, int subscriptionId, List<Request> requests, List<UserProperty> userProperties)
        implements Packet {

    public Subscribe {
        requests = List.copyOf(requests);
        userProperties = List.copyOf(userProperties);
    }

    /**
     * One Topic Filter with its options.
     *
     * @param filter well-formed UTF-8 without U+0000 as sent; whether it is a Topic Filter is answered per filter in SUBACK
     */
    public record Request(
            String filter, Qos maximumQos, boolean noLocal, boolean retainAsPublished, RetainHandling retainHandling) {

        /** The same with the options a bridge between brokers needs and 3.1.1 cannot ask for, so that nothing loops. */
        public Request ofBridge() {
            boolean shared = filter.startsWith("$share/");
            return new Request(filter, maximumQos, !shared, true, retainHandling);
        }
    }

    /** Which Retained Messages a subscription asks for [5.0 §3.8.3.1]. */
    public enum RetainHandling {
        SEND,
        SEND_IF_NEW,
        DO_NOT_SEND
    }

    @Override
    public PacketType type() {
        return PacketType.SUBSCRIBE;
    }
}
