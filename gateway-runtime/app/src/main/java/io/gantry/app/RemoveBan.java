// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gantry bans remove}. */
@Command(name = "remove", description = "Lets a device in again.")
final class RemoveBan implements Callable<Integer> {

    @Mixin
    private final AdminOption admin;

    @ArgGroup(multiplicity = "1")
    private final BannedOption banned = new BannedOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RemoveBan(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        return AdminCommand.run(spec, admin, (gateway, out) -> {
            boolean wasBanned = gateway.unban(banned.kind(), banned.value());
            out.println((wasBanned ? "no longer banned: " : "was not banned: ") + Visible.of(banned.value()));
        });
    }
}
