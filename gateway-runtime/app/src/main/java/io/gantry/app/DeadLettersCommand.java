// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry dead-letters}: what could not be delivered, in a running gateway. */
@Command(
        name = "dead-letters",
        description = "Lists, shows, replays or drops what a running gateway could not deliver.",
        synopsisSubcommandLabel = "COMMAND")
final class DeadLettersCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With its own commands. */
    static CommandLine with(Function<String, @Nullable String> environment) {
        return new CommandLine(new DeadLettersCommand())
                .addSubcommand(new ListDeadLetters(environment))
                .addSubcommand(new ShowDeadLetter(environment))
                .addSubcommand(new ReplayDeadLetters(environment))
                .addSubcommand(new DropDeadLetters(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
