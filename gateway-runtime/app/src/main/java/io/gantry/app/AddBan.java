// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gantry bans add}. */
@Command(name = "add", description = "Bans a device, and disconnects it.")
final class AddBan implements Callable<Integer> {

    @Mixin
    private final AdminOption admin;

    @ArgGroup(multiplicity = "1")
    private final BannedOption banned = new BannedOption();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Length.class,
            description = "How long, as 30m, 1h or 7d (default: until the ban is removed, or the gateway starts anew).")
    private @Nullable Duration atMost;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    AddBan(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        return AdminCommand.run(spec, admin, (gateway, out) -> {
            gateway.ban(banned.kind(), banned.value(), atMost);
            out.println("banned: " + Visible.of(banned.value()));
        });
    }
}
