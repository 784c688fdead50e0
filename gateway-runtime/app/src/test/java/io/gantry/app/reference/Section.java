// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import io.gantry.app.yaml.SettingsRecord;

/**
 * One settings record, as a section of the documentation and a definition of the schema.
 *
 * @param id unique, such as {@code kafka-to}
 * @param path where it stands in the YAML, such as {@code routes.NAME.to.ENDPOINT}
 */
record Section(String id, String path, SettingsRecord<?> settings) {}
