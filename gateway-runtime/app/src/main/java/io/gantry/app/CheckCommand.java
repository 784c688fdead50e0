// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.app.config.GatewaySettings;
import io.gantry.app.config.Sides;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gantry check}: reads a file, and shows its routes or what is wrong with it. */
@Command(name = "check", description = "Checks a YAML file and shows its routes; opens no connection.")
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private final ConfigOption config;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CheckCommand(Function<String, @Nullable String> environment) {
        this.config = new ConfigOption(environment);
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            GatewaySettings settings = config.load(this::warn);
            if (!settings.routes().isEmpty()) {
                RouteTable.lines(settings).forEach(out::println);
            }
            out.println(config.file() + ": " + counted(settings.listeners().size(), "listener") + ", "
                    + counted(namedEndpoints(settings), "endpoint") + ", "
                    + counted(settings.routes().size(), "route"));
            out.flush();
            return ExitCode.OK;
        } catch (InvalidConfigException invalid) {
            invalid.problems().forEach(spec.commandLine().getErr()::println);
            return ExitCode.SOFTWARE;
        }
    }

    private void warn(Problem warning) {
        spec.commandLine().getErr().println(warning.place() + ": warning: " + warning.message());
    }

    /** Without the one for Camel URIs, which the file does not name. */
    private static long namedEndpoints(GatewaySettings settings) {
        return settings.endpoints().keySet().stream()
                .filter(name -> !name.equals(Sides.CAMEL))
                .count();
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
