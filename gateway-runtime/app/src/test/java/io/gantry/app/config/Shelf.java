// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.RequestSettings;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.ValueNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connector with a key of every type, to read settings with; it opens nothing. */
record Shelf(String name) implements Connector<Shelf.Place, Shelf.From, Shelf.To> {

    /** Where the shelf is. */
    @Description("A shelf.")
    record Place(
            @Description("Rooms.") List<String> rooms,

            @Description("Key of the door.") @Nullable Secret password,

            @Description("Height.") @DefaultValue("10") int height,

            @Description("Room for bytes.") @DefaultValue("1KiB")
            ByteSize size,

            @Description("Time to reach it.") @DefaultValue("5s")
            Duration reach,

            @Description("Share in use.") @DefaultValue("0.5")
            double share,

            @Description("Has a door.") @DefaultValue("false")
            boolean door,

            @Description("Number of things.") @DefaultValue("5000000000")
            long things,

            @Description("Paint.") @DefaultValue("dark-green")
            Paint paint) {

        Place {
            if (height < 1) {
                throw new InvalidSettingException("height", "must be at least 1, was " + height);
            }
        }
    }

    /** Paints of a shelf. */
    enum Paint {
        DARK_GREEN,
        WHITE
    }

    /** Takes from the shelf. */
    @Description("Takes from a box.")
    record From(
            @Description("Box.") String box,

            @Description("Whether something is put back.") @DefaultValue("false")
            boolean reply)
            implements RequestSettings {

        @Override
        public Duration replyTimeout() {
            return Duration.ofSeconds(30);
        }
    }

    /** Puts into the shelf. */
    @Description("Puts into a box.")
    record To(
            @Description("Box.") Template box,

            @Description("Label.") @Nullable Template label,

            @Description("Tags.") @DefaultValue("{}") Map<String, Template> tags) {}

    @Override
    public Class<Place> endpointSettings() {
        return Place.class;
    }

    @Override
    public Class<From> fromSettings() {
        return From.class;
    }

    @Override
    public Class<To> toSettings() {
        return To.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofEndpoint();
    }

    @Override
    public ConnectedEndpoint<From, To> open(EndpointContext context, Place settings) {
        throw new UnsupportedOperationException("nothing is opened here");
    }
}
