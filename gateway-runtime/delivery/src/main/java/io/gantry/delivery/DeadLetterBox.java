// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.api.store.StoreWrite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the messages of one outbox go that cannot be delivered: to the dead letters, and a copy to an endpoint. */
final class DeadLetterBox {
    private static final Delivery NO_ROOM_FOR_COPY = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "too many copies of dead letters wait for their endpoint");

    private final OutboxName outbox;
    private final long number;
    private final Station station;
    private @Nullable Outbox copies;
    private boolean isOfCopies;

    /**
     * Without a copy.
     *
     * @param number the outbox's number in the store
     */
    DeadLetterBox(OutboxName outbox, long number, Station station) {
        this.outbox = outbox;
        this.number = number;
        this.station = station;
    }

    void copyTo(Outbox another) {
        copies = another;
    }

    /** What is in this outbox is a copy of what is kept already. */
    void isOfCopies() {
        isOfCopies = true;
    }

    /**
     * Moves a message out of the outbox, in one write with all that becomes of it.
     *
     * @param whenKept is told on any thread
     */
    void keep(Entry entry, String error, Acknowledgement whenKept) {
        if (isOfCopies) {
            station.order().write(write -> takeOut(entry, write.usingReserve()), whenKept);
            return;
        }
        Placed copied = new Placed(whenKept);
        station.letters()
                .keep(
                        outbox,
                        entry,
                        error,
                        write -> {
                            takeOut(entry, write);
                            return copies == null || copied.at(copies.put(copyOf(entry, error), write))
                                    ? Delivery.accepted()
                                    : NO_ROOM_FOR_COPY;
                        },
                        copied);
    }

    private Delivery takeOut(Entry entry, StoreWrite write) {
        if (entry.isStored()) {
            write.deleteOutbox(number, entry.stored());
        }
        return Delivery.accepted();
    }

    private Message copyOf(Entry entry, String error) {
        Message message = entry.message();
        MessageProperties properties = message.properties()
                .withExpirySeconds(null)
                .withUserProperties(List.of(
                        new UserProperty("gantry-id", message.id().toString()),
                        new UserProperty("gantry-outbox", outbox.toString()),
                        new UserProperty("gantry-error", error),
                        new UserProperty("gantry-attempts", Integer.toString(entry.attempts()))));
        return new Message(
                station.ids().get(),
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                properties,
                message.origin(),
                station.clock().millis());
    }
}
