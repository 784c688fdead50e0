// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.admin.EndpointStatus;
import io.gantry.admin.GatewayStatus;
import io.gantry.admin.OutboxStatus;
import io.gantry.admin.RouteStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gantry status}: how it goes with a running gateway. */
@Command(
        name = "status",
        description = "Shows the routes of a running gateway: what came, what became of it, what waits.")
final class StatusCommand implements Callable<Integer> {
    private static final List<String> HEADINGS = List.of(
            "route",
            "target",
            "state",
            "accepted",
            "delivered",
            "dead",
            "expired",
            "dropped",
            "waiting",
            "oldest",
            "last error");
    private static final int ERROR_CHARACTERS = 80;

    @Mixin
    private final AdminOption admin;

    @Option(names = "--json", description = "Print what the gateway answers, as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StatusCommand(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        return AdminCommand.run(spec, admin, this::show);
    }

    private void show(AdminClient gateway, PrintWriter out) throws AdminException {
        if (json) {
            out.println(gateway.statusText());
            return;
        }
        GatewayStatus status = gateway.status();
        out.println("gantry " + Visible.of(status.version()) + (status.started() ? ", up " : ", not started, up ")
                + age(Duration.ofSeconds(status.uptimeSeconds())) + ", " + status.connections() + " connected");
        out.println("store " + Visible.of(status.store().state())
                + (status.store().isReady()
                        ? ""
                        : ": " + Visible.of(status.store().reason())));
        out.println("dead letters " + status.deadLetters() + " (" + status.deadLettersBytes() + " bytes)");
        status.endpoints().forEach(endpoint -> out.println(line(endpoint)));
        status.routes().forEach(route -> out.println(line(route)));
        if (!status.outboxes().isEmpty()) {
            out.println();
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADINGS);
            status.outboxes().forEach(outbox -> rows.add(row(outbox)));
            TextTable.aligned(rows).forEach(out::println);
        }
    }

    private static String line(EndpointStatus endpoint) {
        String detail = endpoint.detail().isEmpty() ? "" : ": " + Visible.of(endpoint.detail(), ERROR_CHARACTERS);
        String happened = happened(endpoint.events());
        return "endpoint " + Visible.of(endpoint.name()) + (endpoint.connected() ? " connected" : " waiting") + detail
                + (happened.isEmpty() ? "" : "; " + happened);
    }

    private static String line(RouteStatus route) {
        String happened = happened(route.events());
        return "route " + Visible.of(route.name()) + " " + Visible.of(route.state())
                + (happened.isEmpty() ? "" : ": " + happened);
    }

    /** What has not is left out. */
    private static String happened(Map<String, Long> events) {
        return events.entrySet().stream()
                .filter(event -> event.getValue() > 0)
                .map(event -> Visible.of(event.getKey()) + " " + event.getValue())
                .collect(Collectors.joining(", "));
    }

    private static List<String> row(OutboxStatus outbox) {
        String error = outbox.lastError();
        return List.of(
                Visible.of(outbox.route()),
                Visible.of(outbox.target()),
                Visible.of(outbox.state()),
                Long.toString(outbox.accepted()),
                Long.toString(outbox.delivered()),
                Long.toString(outbox.deadLettered()),
                Long.toString(outbox.expired()),
                Long.toString(outbox.droppedInAll()),
                Long.toString(outbox.waiting()),
                outbox.waiting() == 0 ? "-" : age(Duration.ofMillis(outbox.oldestMillis())),
                error == null ? "-" : Visible.of(error, ERROR_CHARACTERS));
    }

    /** In the two units that matter. */
    static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h" + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m" + age.toSecondsPart() + "s" : age.toSeconds() + "s";
    }
}
