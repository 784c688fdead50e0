// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.planted;

/** A room of another module, for the rule that only façades are seen from outside. */
public record PlantedRoom(int number) {}
