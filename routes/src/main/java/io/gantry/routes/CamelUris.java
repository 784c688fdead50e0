// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.InvalidSettingException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;

/** Makes Camel endpoints; an error names the scheme only, since the rest of a URI may hold a password. */
final class CamelUris {
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*):.*", Pattern.DOTALL);

    private CamelUris() {}

    /** Refuses what is no URI at all. */
    static void check(String uri) {
        if (!SCHEME.matcher(uri).matches()) {
            throw new InvalidSettingException("uri", "must be a Camel URI such as file:inbox");
        }
    }

    /** Refuses what only a preset understands. */
    static void checkTo(CamelTo to) {
        check(to.uri());
        if (to.key() != null) {
            throw new InvalidSettingException("key", "needs an endpoint with a preset");
        }
    }

    /** The endpoint of a whole URI; Camel starts and stops it. */
    static Endpoint resolve(CamelContext camel, String uri) {
        Matcher scheme = SCHEME.matcher(uri);
        if (!scheme.matches()) {
            throw new InvalidSettingException("uri", "must be a Camel URI such as file:inbox");
        }
        component(camel, scheme.group(1));
        try {
            return camel.getEndpoint(uri);
        } catch (ResolveEndpointFailedException unusable) {
            throw new InvalidSettingException(
                    "uri", "is not what the Camel component '" + scheme.group(1) + "' expects after its scheme");
        }
    }

    /** The endpoint of a component with options, none of which is read as part of a URI. */
    static Endpoint create(CamelContext camel, String scheme, String path, Map<String, Object> options) {
        Component component = component(camel, scheme);
        try {
            Endpoint endpoint = component.createEndpoint(scheme + ":" + path, options);
            endpoint.setCamelContext(camel);
            return endpoint;
        } catch (Exception unusable) {
            throw new InvalidSettingException("uri", "is not what the Camel component '" + scheme + "' expects");
        }
    }

    private static Component component(CamelContext camel, String scheme) {
        Component component = camel.getComponent(scheme);
        if (component == null) {
            throw new InvalidSettingException(
                    "uri",
                    "names the Camel component '" + scheme + "', which is not on the class path"
                            + CamelComponents.coordinates(scheme)
                                    .map(jar -> ": put " + jar + " and what it needs into lib")
                                    .orElse(", and Camel has none of that name"));
        }
        return component;
    }
}
