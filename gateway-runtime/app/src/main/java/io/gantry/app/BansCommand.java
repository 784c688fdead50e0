// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry bans}: who may not connect to a running gateway. */
@Command(
        name = "bans",
        description = "Lists, adds or removes bans: devices that a running gateway does not let in.",
        synopsisSubcommandLabel = "COMMAND")
final class BansCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With its own commands. */
    static CommandLine with(Function<String, @Nullable String> environment) {
        return new CommandLine(new BansCommand())
                .addSubcommand(new ListBans(environment))
                .addSubcommand(new AddBan(environment))
                .addSubcommand(new RemoveBan(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
