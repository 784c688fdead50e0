// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import org.apache.camel.CamelContext;

/**
 * One kind of target system. Stateless: what holds connections is the {@link ConnectedEndpoint} it opens, one for each
 * entry under {@code endpoints:}.
 *
 * @param <E> the settings of an endpoint: what stands behind its name in the YAML
 * @param <F> what a route wants of it on its {@code from} side
 * @param <T> what a route wants of it on its {@code to} side
 */
public interface Connector<E extends Record, F extends Record, T extends Record> {

    /** The key that names it in the YAML, such as {@code kafka}. */
    String name();

    Class<E> endpointSettings();

    Class<F> fromSettings();

    Class<T> toSettings();

    /** What a route that starts at such an endpoint may put in braces. */
    ValueNames valueNames();

    /**
     * Opens an endpoint. Does not wait for the target system: one that is away now is connected to when it comes back.
     *
     * @param name the endpoint's name in the YAML
     * @param watcher is told each change of state, on any thread
     */
    ConnectedEndpoint<F, T> open(String name, E settings, CamelContext camel, EndpointWatcher watcher);
}
