// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Message;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers of a record: first those of the YAML, in its order, then those of {@link MessageHeaders}. Their names are
 * fixed; their values may be any text.
 */
final class HeaderChoice {
    private final List<Named> headers;

    private final boolean properties;

    /**
     * What a route adds to its records.
     *
     * @param properties whether everything that MQTT says about a message goes along
     */
    HeaderChoice(Map<String, Template> headers, boolean properties) {
        this.properties = properties;
        this.headers = headers.entrySet().stream()
                .map(header -> new Named(header.getKey(), header.getValue()))
                .toList();
    }

    private record Named(String name, Template value) {}

    List<Header> of(Message message, Values values) {
        boolean speaksForItself = properties || Hops.of(message) != null;
        if (headers.isEmpty() && !speaksForItself) {
            return List.of();
        }
        List<Header> filledIn = new ArrayList<>();
        for (Named header : headers) {
            String value = header.value.render(values);
            if (value != null) {
                filledIn.add(new RecordHeader(header.name, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
        if (speaksForItself) {
            MessageHeaders.write(
                    message,
                    properties,
                    System.currentTimeMillis(),
                    (name, value) -> filledIn.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8))));
        }
        return filledIn;
    }
}
