// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.security.PasswordFile;
import io.gantry.security.PasswordFile.Kind;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gantry passwd add}. */
@Command(
        name = "add",
        description = "Adds a user, or gives him another password. A running gateway sees it within seconds.")
final class AddUser implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "The file; made when it is not there.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "USER", description = "The user's name.")
    private String user = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "A role of the user, can be repeated (default: those that he has).")
    private @Nullable List<String> roles;

    @ArgGroup
    private @Nullable Form form;

    @Mixin
    private final PasswordOption password;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What is kept of the password, when it is not Argon2id. */
    static final class Form {
        @Option(names = "--bcrypt", description = "Keep a hash by bcrypt (default: by Argon2id).")
        private boolean bcrypt;

        @Option(names = "--scram", description = "Keep keys for SCRAM-SHA-256, in a file for the authenticator scram.")
        private boolean scram;
    }

    AddUser(InputStream standardInput) {
        this.password = new PasswordOption(standardInput);
    }

    @Override
    public Integer call() {
        return PasswdCommand.run(spec, () -> {
            new PasswordFile(file).set(user, password.read(true), roles == null ? null : Set.copyOf(roles), kind());
            return ExitCode.OK;
        });
    }

    private Kind kind() {
        if (form == null) {
            return Kind.ARGON2ID;
        }
        return form.scram ? Kind.SCRAM : form.bcrypt ? Kind.BCRYPT : Kind.ARGON2ID;
    }
}
