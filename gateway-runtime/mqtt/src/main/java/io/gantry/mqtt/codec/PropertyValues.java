// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of one packet as they were read. */
final class PropertyValues {

    /** A packet without properties; never written to. */
    static final PropertyValues NONE = new PropertyValues(0);

    private final @Nullable Object[] values;

    private List<UserProperty> userProperties = List.of();

    private @Nullable RejectedPacketException excess;

    private PropertyValues(int capacity) {
        this.values = new @Nullable Object[capacity];
    }

    static PropertyValues empty() {
        return new PropertyValues(Property.IDENTIFIERS);
    }

    void put(Property property, Object value) {
        values[property.identifier()] = value;
    }

    void add(UserProperty userProperty) {
        if (userProperties.isEmpty()) {
            userProperties = new ArrayList<>();
        }
        userProperties.add(userProperty);
    }

    /** There are more than our own limits allow. */
    void exceeds(RejectedPacketException limit) {
        excess = limit;
    }

    /** The limit there are too many for; null when there are not. */
    @Nullable RejectedPacketException excess() {
        return excess;
    }

    boolean has(Property property) {
        return value(property) != null;
    }

    /** Of any of the integer types, a Byte included. */
    @Nullable Long number(Property property) {
        return (Long) value(property);
    }

    long number(Property property, long otherwise) {
        Long number = number(property);
        return number == null ? otherwise : number;
    }

    @Nullable String text(Property property) {
        return (String) value(property);
    }

    @Nullable Payload binary(Property property) {
        return (Payload) value(property);
    }

    /** In the order they were sent. */
    List<UserProperty> userProperties() {
        return userProperties;
    }

    private @Nullable Object value(Property property) {
        return values.length == 0 ? null : values[property.identifier()];
    }
}
