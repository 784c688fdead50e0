// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gantry dead-letters drop}. */
@Command(name = "drop", description = "Deletes dead letters for good.")
final class DropDeadLetters implements Callable<Integer> {

    @Mixin
    private final AdminOption admin;

    @Mixin
    private final ChangeOption change = new ChangeOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DropDeadLetters(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        AdminClient.Selection selection = change.selection();
        return AdminCommand.run(
                spec, admin, (gateway, out) -> change.print(out, "dropped", gateway.drop(selection, change.dryRun())));
    }
}
