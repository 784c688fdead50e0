// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;

/** The {@code store:} of the YAML. */
@Description("Where Gantry keeps what must survive a restart.")
public record StoreSettings(
        @Description(
                "Directory of the database, relative to the working directory. Made when it is missing, readable by"
                        + " its owner only.")
        @DefaultValue("gantry-data")
        String directory,

        @Description(
                "When a write counts as stored: `fsync`, once it is on the disk; `os`, once the operating system has"
                        + " it, which a loss of power can undo.")
        @DefaultValue("fsync")
        Durability durability) {

    public StoreSettings {
        if (directory.isBlank()) {
            throw new InvalidSettingException("directory", "must name a directory");
        }
    }
}
