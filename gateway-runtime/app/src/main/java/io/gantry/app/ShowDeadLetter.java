// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.admin.DeadLetterContent;
import io.gantry.admin.DeadLetterSummary;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gantry dead-letters show}. */
@Command(name = "show", description = "Shows one dead letter with its properties and payload.")
final class ShowDeadLetter implements Callable<Integer> {

    @Mixin
    private final AdminOption admin;

    @Parameters(paramLabel = "NUMBER", description = "Its number, as list shows it.")
    private long number;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ShowDeadLetter(Function<String, @Nullable String> environment) {
        this.admin = new AdminOption(environment);
    }

    @Override
    public Integer call() {
        if (number < 1) {
            throw new ParameterException(spec.commandLine(), "NUMBER: expected 1 or more, was " + number);
        }
        return AdminCommand.run(spec, admin, this::show);
    }

    private void show(AdminClient gateway, PrintWriter out) throws AdminException {
        DeadLetterContent content = gateway.deadLetter(number);
        DeadLetterSummary letter = content.letter();
        line(out, "number", Long.toString(letter.number()));
        line(out, "route", letter.route());
        line(out, "id", letter.id());
        line(out, "from", letter.from());
        line(out, "topic", letter.topic());
        line(out, "qos", Integer.toString(letter.qos()));
        line(out, "received", letter.received().toString());
        line(out, "given up", letter.gaveUp().toString());
        line(out, "attempts", Integer.toString(letter.attempts()));
        line(out, "error", letter.error());
        content.properties().forEach((name, value) -> line(out, name, value));
        content.userProperties().forEach(user -> line(out, "user " + user.name(), user.value()));
        String form = content.isText() ? "" : ", Base64";
        String cut = content.isCut() ? ", only its beginning" : "";
        line(out, "payload (" + letter.size() + " bytes" + form + cut + ")", content.payload());
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(Visible.of(name) + ": " + Visible.of(value));
    }
}
