// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The headers of a record: their names are those of the YAML, in its order; their values may be any text. */
final class HeaderChoice {
    private final List<Named> headers;

    HeaderChoice(Map<String, Template> headers) {
        this.headers = headers.entrySet().stream()
                .map(header -> new Named(header.getKey(), header.getValue()))
                .toList();
    }

    private record Named(String name, Template value) {}

    List<Header> of(Values values) {
        if (headers.isEmpty()) {
            return List.of();
        }
        List<Header> filledIn = new ArrayList<>(headers.size());
        for (Named header : headers) {
            String value = header.value.render(values);
            if (value != null) {
                filledIn.add(new RecordHeader(header.name, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return filledIn;
    }
}
