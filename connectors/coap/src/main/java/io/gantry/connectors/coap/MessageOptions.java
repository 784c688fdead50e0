// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.PercentText;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;

/**
 * What MQTT says about a message and CoAP has no option for: options {@code name=value} in visible ASCII, other bytes and
 * % percent-encoded. Their number is one of those that RFC 7252 leaves for experiments, elective and safe to forward, so
 * that who does not know it ignores it.
 */
final class MessageOptions {
    /** Of every such option. */
    static final int NUMBER = 65_104;

    /** They all must fit into one datagram, beside a block. */
    static final int MOST_BYTES = 1_024;

    private static final int MOST = 64;
    private static final RejectedMessageException TOO_LARGE = new RejectedMessageException(
            ReasonCode.PACKET_TOO_LARGE, "what MQTT says about this message does not fit into the options of CoAP");

    private MessageOptions() {}

    /**
     * Adds a message's options.
     *
     * @param all everything, not only the mark against circles
     * @throws RejectedMessageException when they are too large
     */
    static void write(Message message, boolean all, OptionSet options) throws RejectedMessageException {
        write(message, all, name -> true, options);
    }

    /** As {@link #write(Message, boolean, OptionSet)}, those of some names. */
    static void write(Message message, boolean all, Predicate<String> names, OptionSet options)
            throws RejectedMessageException {
        List<Option> written = new ArrayList<>();
        MessageHeaders.write(message, all, System.currentTimeMillis(), (name, value) -> {
            if (names.test(name)) {
                written.add(new Option(
                        NUMBER,
                        (name + "=" + PercentText.encode(value, c -> c >= ' ' && c < 0x7F))
                                .getBytes(StandardCharsets.US_ASCII)));
            }
        });
        if (written.stream().mapToInt(Option::getLength).sum() > MOST_BYTES) {
            throw TOO_LARGE;
        }
        written.forEach(options::addOption);
    }

    /**
     * Reads the options of a request or an answer; one that is not of this form is left out.
     *
     * @return names and values in their order
     */
    static List<UserProperty> read(OptionSet options) {
        List<UserProperty> read = new ArrayList<>();
        for (Option option : options.getOthers(NUMBER)) {
            String text = new String(option.getValue(), StandardCharsets.ISO_8859_1);
            int equals = text.indexOf('=');
            byte[] value = equals > 0 ? PercentText.decode(text.substring(equals + 1)) : null;
            if (value != null && read.size() < MOST) {
                read.add(new UserProperty(text.substring(0, equals), new String(value, StandardCharsets.UTF_8)));
            }
        }
        return read;
    }

    /** A value by its name. */
    static MessageHeaders.Lookup lookup(List<UserProperty> values) {
        return name -> {
            for (UserProperty value : values) {
                if (value.name().equals(name)) {
                    return value.value();
                }
            }
            return null;
        };
    }
}
