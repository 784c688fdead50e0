// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers by which CoAP names content types: the common ones of the registry of RFC 7252 §12.3. */
final class ContentFormats {
    private static final Map<Integer, String> TYPES = new LinkedHashMap<>();
    private static final Map<String, Integer> NUMBERS = new LinkedHashMap<>();

    static {
        add(0, "text/plain;charset=utf-8");
        NUMBERS.put("text/plain", 0);
        add(40, "application/link-format");
        add(41, "application/xml");
        add(42, "application/octet-stream");
        add(47, "application/exi");
        add(50, "application/json");
        add(51, "application/json-patch+json");
        add(52, "application/merge-patch+json");
        add(60, "application/cbor");
        add(61, "application/cwt");
        add(62, "application/multipart-core");
        add(63, "application/cbor-seq");
        add(101, "application/cose-key");
        add(110, "application/senml+json");
        add(111, "application/sensml+json");
        add(112, "application/senml+cbor");
        add(113, "application/sensml+cbor");
        add(11542, "application/vnd.oma.lwm2m+tlv");
        add(11543, "application/vnd.oma.lwm2m+json");
        add(11544, "application/vnd.oma.lwm2m+cbor");
    }

    private ContentFormats() {}

    private static void add(int number, String type) {
        TYPES.put(number, type);
        NUMBERS.put(type, number);
    }

    /** The number of a content type, however it is spelt; null when it has none here. */
    static @Nullable Integer numberOf(String type) {
        return NUMBERS.get(type.toLowerCase(Locale.ROOT).replace(" ", ""));
    }

    /** The content type of a number; null when it is none of these. */
    static @Nullable String typeOf(int number) {
        return TYPES.get(number);
    }
}
