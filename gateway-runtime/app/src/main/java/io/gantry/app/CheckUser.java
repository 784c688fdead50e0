// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.security.PasswordFile;
import io.gantry.security.PasswordFile.Finding;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gantry passwd check}. */
@Command(
        name = "check",
        description = "Says whether a password is a user's; 1 when it is not, or a line of the file is wrong.")
final class CheckUser implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "USER", description = "The user's name.")
    private String user = "";

    @Mixin
    private final PasswordOption password;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CheckUser(InputStream standardInput) {
        this.password = new PasswordOption(standardInput);
    }

    @Override
    public Integer call() {
        return PasswdCommand.run(spec, () -> {
            Finding finding = new PasswordFile(file).check(user, password.read(false));
            spec.commandLine().getOut().println(said(finding));
            return finding == Finding.RIGHT ? ExitCode.OK : ExitCode.SOFTWARE;
        });
    }

    private static String said(Finding finding) {
        return switch (finding) {
            case RIGHT -> "right";
            case WRONG -> "wrong password";
            case ABSENT -> "no such user";
        };
    }
}
