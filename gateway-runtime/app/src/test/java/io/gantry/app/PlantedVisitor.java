// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.mqtt.planted.PlantedRoom;

/** Looks into another module's room on purpose: proves that ArchitectureTest sees it. */
record PlantedVisitor(PlantedRoom room) {}
