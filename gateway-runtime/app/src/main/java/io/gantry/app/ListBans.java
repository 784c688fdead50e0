// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.admin.Bans;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gantry bans list}. */
@Command(name = "list", description = "Lists bans, the latest first.")
final class ListBans implements Callable<Integer> {
    private static final List<String> HEADINGS = List.of("by", "who", "since", "until", "made by");
    private static final int CHARACTERS = 80;

    @Mixin
    private final AdminOption admin;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ListBans(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        return AdminCommand.run(spec, admin, ListBans::show);
    }

    private static void show(AdminClient gateway, PrintWriter out) throws AdminException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        gateway.bans().forEach(ban -> rows.add(row(ban)));
        TextTable.aligned(rows).forEach(out::println);
    }

    private static List<String> row(Bans.Ban ban) {
        Instant until = ban.until();
        return List.of(
                ban.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                Visible.of(ban.value(), CHARACTERS),
                ban.since().toString(),
                until == null ? "-" : until.toString(),
                ban.automatic() ? "gateway" : "operator");
    }
}
