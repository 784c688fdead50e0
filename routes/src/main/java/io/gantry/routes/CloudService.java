// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** What Gantry knows of a cloud service that a Camel component talks to. Stateless. */
interface CloudService {

    /** The Camel component's. */
    String scheme();

    /** Keys of the endpoint without which it cannot be reached. */
    Set<String> needs();

    /** Keys of the endpoint that mean something to it. */
    Set<String> takes();

    /** Refuses values that the service cannot have. */
    void check(Map<String, Object> given);

    /** Where it is, for one line at start-up. */
    String address(CamelEndpointSettings settings);

    /** Refuses what a route cannot have of it. */
    void checkFrom(CamelFrom from);

    /** Refuses what a route cannot want of it. */
    void checkTo(CamelTo to);

    /** What stands behind the scheme in the component's URI. */
    String path(CamelEndpointSettings settings, String name);

    /** The component's options. */
    Map<String, Object> options(CamelEndpointSettings settings, String name);

    /** Options that only a source has. */
    Map<String, Object> sourceOptions();

    /** Whether a header of the message is told to the service; the four that are never read back may not fit. */
    boolean carries(String header);

    /** Puts the payload, and the key where there is one, where the component looks for them. */
    void place(Payload payload, String key, Exchange exchange) throws RejectedMessageException;

    /** Refuses a key's value that does not have the form the service demands. */
    static void require(Map<String, Object> given, String key, Pattern form, String expected) {
        Object value = given.get(key);
        if (value != null && !form.matcher(value.toString()).matches()) {
            throw new InvalidSettingException(key, "must be " + expected + ", was '" + value + "'");
        }
    }

    /** Refuses the name of a queue, stream, topic or subscription that the service cannot have. */
    static void requireName(String name, Pattern form, String expected) {
        if (!form.matcher(name).matches()) {
            throw new InvalidSettingException("uri", "must be " + expected + ", was '" + name + "'");
        }
    }

    static RejectedMessageException rejected(String why) {
        return new RejectedMessageException(ReasonCode.PAYLOAD_FORMAT_INVALID, why);
    }
}
