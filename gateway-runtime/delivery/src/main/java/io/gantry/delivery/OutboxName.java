// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/**
 * Which outbox: one target of one route. Written {@code route/target}.
 *
 * @param route its name in the YAML
 * @param target the endpoint's name, with {@code -2} and so on when the route names it several times
 */
public record OutboxName(String route, String target) {

    @Override
    public String toString() {
        return route + "/" + target;
    }
}
