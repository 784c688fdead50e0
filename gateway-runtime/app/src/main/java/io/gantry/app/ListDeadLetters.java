// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.admin.DeadLetterSummary;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry dead-letters list}. */
@Command(name = "list", description = "Lists dead letters, oldest first.")
final class ListDeadLetters implements Callable<Integer> {
    private static final List<String> HEADINGS =
            List.of("number", "given up", "route", "id", "from", "topic", "qos", "attempts", "size", "error");
    private static final int CHARACTERS = 60;
    private static final int PAGE = 100;
    private static final int MAX_LIMIT = 1_000_000;

    @Mixin
    private final AdminOption admin;

    @Mixin
    private final SelectionOption selected = new SelectionOption();

    @Option(
            names = "--limit",
            defaultValue = "100",
            paramLabel = "N",
            description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit = PAGE;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ListDeadLetters(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(spec.commandLine(), "--limit: expected 1 to " + MAX_LIMIT + ", was " + limit);
        }
        return AdminCommand.run(spec, admin, this::show);
    }

    /** Page by page, each with columns of its own widths but one heading. */
    private void show(AdminClient gateway, PrintWriter out) throws AdminException {
        long listed = 0;
        Optional<Long> next = Optional.of(0L);
        while (next.isPresent() && listed < limit) {
            int most = (int) Math.min(PAGE, limit - listed);
            AdminClient.Page page = gateway.deadLetters(selected.selection(), next.get(), most);
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADINGS);
            page.letters().forEach(letter -> rows.add(row(letter)));
            List<String> lines = TextTable.aligned(rows);
            lines.subList(listed == 0 ? 0 : 1, lines.size()).forEach(out::println);
            listed += page.letters().size();
            next = page.next();
        }
        if (next.isPresent()) {
            out.println("… and maybe more: --limit shows them");
        }
    }

    private static List<String> row(DeadLetterSummary letter) {
        return List.of(
                Long.toString(letter.number()),
                letter.gaveUp().toString(),
                Visible.of(letter.route()),
                Visible.of(letter.id()),
                Visible.of(letter.from(), CHARACTERS),
                Visible.of(letter.topic(), CHARACTERS),
                Integer.toString(letter.qos()),
                Integer.toString(letter.attempts()),
                Integer.toString(letter.size()),
                Visible.of(letter.error(), CHARACTERS));
    }
}
