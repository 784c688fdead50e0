// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.security.PasswordFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry passwd}: the files of users that {@code password-file} and {@code scram} name. */
@Command(
        name = "passwd",
        description = "Adds users to a password file, removes them, and checks their passwords.",
        synopsisSubcommandLabel = "COMMAND")
final class PasswdCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is done with a file. */
    @FunctionalInterface
    interface Step {
        /** Answers the exit code. */
        int take() throws IOException, PasswordFileException;
    }

    /** With its own commands. */
    static CommandLine with(InputStream standardInput) {
        return new CommandLine(new PasswdCommand())
                .addSubcommand(new AddUser(standardInput))
                .addSubcommand(new RemoveUser())
                .addSubcommand(new CheckUser(standardInput));
    }

    /** Says on standard error what went wrong. */
    static int run(CommandSpec spec, Step step) {
        try {
            return step.take();
        } catch (PasswordFileException refused) {
            spec.commandLine().getErr().println("gantry: " + refused.getMessage());
        } catch (NoSuchFileException missing) {
            spec.commandLine().getErr().println("gantry: " + missing.getFile() + ": there is no such file");
        } catch (IOException failure) {
            spec.commandLine().getErr().println("gantry: cannot be read or written: " + failure.getMessage());
        }
        return ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
