// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.files.FollowedFiles;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code -c}: which file to read. */
final class ConfigOption {

    @Option(
            names = {"-c", "--config"},
            // set by the launcher: the caller's own file, else that of the installation
            defaultValue = "${sys:gantry.config:-config/gantry.yaml}",
            paramLabel = "FILE",
            description = "The YAML file (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("config", "gantry.yaml");

    private final ConfigFile reader;

    ConfigOption(Function<String, @Nullable String> environment) {
        this.reader = new ConfigFile(Connectors.all(), environment);
    }

    Path file() {
        return file;
    }

    /** @param warnings is told what is allowed and should not be */
    GatewaySettings load(Consumer<Problem> warnings) throws InvalidConfigException {
        return reader.read(file, warnings);
    }

    /**
     * Reads it for the first time of several.
     *
     * @param warnings is told each time what is allowed and should not be
     */
    FollowedFiles<GatewaySettings> follow(Consumer<Problem> warnings) throws InvalidConfigException {
        return FollowedFiles.open(List.of(file), () -> load(warnings));
    }

    ConfigFile.Placed loadWithPlaces() throws InvalidConfigException {
        return reader.readWithPlaces(file);
    }
}
