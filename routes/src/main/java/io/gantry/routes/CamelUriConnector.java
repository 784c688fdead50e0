// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.MessageId;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ResolveEndpointFailedException;

/**
 * The way out to the rest of Camel: any component on the class path, by its URI. It needs no entry under
 * {@code endpoints:}.
 */
public final class CamelUriConnector
        implements Connector<CamelUriConnector.NoSettings, CamelUriConnector.CamelUri, CamelUriConnector.CamelUri> {
    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*):.*", Pattern.DOTALL);

    /** The connector has nothing to set besides each route's URI. */
    @Description("Nothing to set: each route gives a URI.")
    public record NoSettings() {}

    /** {@code {camel: "file:inbox"}} on either side of a route. */
    @Description("Any Camel component on the class path.")
    public record CamelUri(
            @Description("Camel endpoint URI, used as it stands: nothing of a message is filled in.")
            String uri) {

        public CamelUri {
            if (!SCHEME.matcher(uri).matches()) {
                throw new InvalidSettingException("uri", "must be a Camel URI such as file:inbox");
            }
        }

        /** Reads the short form, the URI alone. */
        public static CamelUri fromText(String text) {
            return new CamelUri(text);
        }

        String scheme() {
            Matcher matcher = SCHEME.matcher(uri);
            return matcher.matches() ? matcher.group(1) : "";
        }
    }

    @Override
    public String name() {
        return "camel";
    }

    @Override
    public Class<NoSettings> endpointSettings() {
        return NoSettings.class;
    }

    @Override
    public Class<CamelUri> fromSettings() {
        return CamelUri.class;
    }

    @Override
    public Class<CamelUri> toSettings() {
        return CamelUri.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofEndpoint();
    }

    @Override
    public ConnectedEndpoint<CamelUri, CamelUri> open(EndpointContext context, NoSettings settings) {
        return new AnyCamelEndpoint(context.name(), context.camel());
    }

    /** Resolves URIs; what they stand for belongs to the Camel context. */
    private record AnyCamelEndpoint(String name, CamelContext camel) implements ConnectedEndpoint<CamelUri, CamelUri> {

        @Override
        public String address() {
            return "camel components";
        }

        @Override
        public CamelSink sink(String route, CamelUri settings) {
            return new CamelUriSink(resolve(settings));
        }

        @Override
        public CamelSource source(String route, CamelUri settings, MessageId.Sequence ids) {
            return new CamelUriSource(name, route, resolve(settings), ids);
        }

        /** The message names the scheme only: the rest of a URI may hold a password. */
        private Endpoint resolve(CamelUri settings) {
            String scheme = settings.scheme();
            if (camel.getComponent(scheme) == null) {
                throw new InvalidSettingException(
                        "uri",
                        "names the Camel component '" + scheme + "', which is not on the class path; put camel-"
                                + scheme + " and what it needs into lib");
            }
            try {
                return camel.getEndpoint(settings.uri());
            } catch (ResolveEndpointFailedException unusable) {
                throw new InvalidSettingException(
                        "uri", "is not what the Camel component '" + scheme + "' expects after its scheme");
            }
        }

        @Override
        public void close() {
            // The Camel context stops its endpoints itself.
        }
    }
}
