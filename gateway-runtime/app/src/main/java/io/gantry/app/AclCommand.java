// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry acl}: the access rules of a file. */
@Command(name = "acl", description = "Tries the access rules of a file.", synopsisSubcommandLabel = "COMMAND")
final class AclCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With its own commands. */
    static CommandLine with(Function<String, @Nullable String> environment) {
        return new CommandLine(new AclCommand()).addSubcommand(new TestAcl(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
