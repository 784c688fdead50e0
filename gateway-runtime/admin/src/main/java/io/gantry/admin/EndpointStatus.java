// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

/**
 * How it goes with an endpoint.
 *
 * @param name as in the YAML
 * @param connected whether the target system is reached
 * @param detail why not, in a few words without secrets; empty when there is nothing to say
 */
public record EndpointStatus(String name, boolean connected, String detail) {}
