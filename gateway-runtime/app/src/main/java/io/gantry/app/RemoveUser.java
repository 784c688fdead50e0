// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.security.PasswordFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gantry passwd remove}. */
@Command(name = "remove", description = "Takes a user out of a password file.")
final class RemoveUser implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "USER", description = "The user's name.")
    private String user = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return PasswdCommand.run(spec, () -> {
            if (new PasswordFile(file).remove(user)) {
                return ExitCode.OK;
            }
            spec.commandLine().getErr().println("gantry: " + file + " has no such user");
            return ExitCode.SOFTWARE;
        });
    }
}
