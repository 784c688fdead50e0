// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.List;

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
     * Refuses what a route wants to have of an endpoint whose settings do not give it, or what another route has already.
     *
     * @param before what routes that stand before it in the file want to have of the same endpoint
     * @throws io.gantry.api.settings.InvalidSettingException naming a key of the route's settings
     */
    default void checkFrom(E endpoint, F from, List<F> before) {}

    /**
     * Refuses what a route wants to send to an endpoint whose settings do not allow it.
     *
     * @throws io.gantry.api.settings.InvalidSettingException naming a key of the route's settings
     */
    default void checkTo(E endpoint, T to) {}

    /**
     * Opens an endpoint. Does not wait for the target system: one that is away now is connected to when it comes back.
     *
     * @throws io.gantry.api.settings.InvalidSettingException when the settings cannot be used on this machine, such as a
     *     file that does not hold a certificate
     */
    ConnectedEndpoint<F, T> open(EndpointContext context, E settings);
}
