// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.app.demo.DemoCommand;
import io.gantry.app.logging.Logging;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.RunLast;

/** The {@code gantry} command. What people asked for goes to standard output, logs and errors to standard error. */
public final class Main {
    private Main() {}

    /** Exits with 0 when all went well, 1 when it did not, 2 when the command was not understood. */
    public static void main(String[] args) {
        System.exit(commandLine(System::getenv).execute(args));
    }

    static CommandLine commandLine(Function<String, @Nullable String> environment) {
        GantryCommand gantry = new GantryCommand();
        CommandLine commandLine = new CommandLine(gantry)
                .addSubcommand(new RunCommand(environment))
                .addSubcommand(new CheckCommand(environment))
                .addSubcommand(AclCommand.with(environment))
                .addSubcommand(new StatusCommand(environment))
                .addSubcommand(DeadLettersCommand.with(environment))
                .addSubcommand(BansCommand.with(environment))
                .addSubcommand(PasswdCommand.with(System.in))
                .addSubcommand(new DemoCommand())
                .addSubcommand("completion", new GenerateCompletion());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(parsed -> {
            Logging.use(gantry.logFormat(), gantry.logLevel());
            return new RunLast().execute(parsed);
        });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            Logger log = LoggerFactory.getLogger(Main.class);
            log.debug("command failed", failure);
            command.getErr().println("gantry: " + failure);
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }
}
