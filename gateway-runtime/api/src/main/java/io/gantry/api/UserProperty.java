// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/**
 * A name and a value that travel with a message: an MQTT 5 User Property [5.0 §3.3.2.3.7], or a header of a record. The
 * same name may occur more than once, and the order is kept.
 */
public record UserProperty(String name, String value) {}
