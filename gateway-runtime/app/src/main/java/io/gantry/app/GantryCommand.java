// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.app.logging.LogFormat;
import io.gantry.app.logging.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code gantry} itself: what all its commands share. */
@Command(
        name = "gantry",
        description = "MQTT bridge gateway: carries devices' messages to Kafka and its kin, and back.",
        mixinStandardHelpOptions = true,
        versionProvider = GantryCommand.Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."})
final class GantryCommand implements Runnable {

    @Option(
            names = "--log-format",
            defaultValue = "text",
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "Log lines as ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(
            names = "--log-level",
            defaultValue = "info",
            scope = ScopeType.INHERIT,
            paramLabel = "LEVEL",
            description = "Gantry's own log from ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LogLevel logLevel = LogLevel.INFO;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    LogFormat logFormat() {
        return logFormat;
    }

    LogLevel logLevel() {
        return logLevel;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    /** Reads the version that the build wrote. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {read()};
        }

        /** As it is shown: {@code gantry 0.1.0}. */
        static String read() {
            return "gantry " + number();
        }

        /** Alone: {@code 0.1.0}. */
        static String number() {
            Properties properties = new Properties();
            try (InputStream in = GantryCommand.class.getResourceAsStream("version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            return properties.getProperty("version", "of unknown version");
        }
    }
}
