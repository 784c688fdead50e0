// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of commands that change dead letters: which, and whether really. */
final class ChangeOption {

    @Mixin
    private final SelectionOption selected = new SelectionOption();

    @Option(names = "--all", description = "All dead letters.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only say how many it would be.")
    private boolean dryRun;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** What was selected; that nothing was must have been said. */
    AdminClient.Selection selection() {
        AdminClient.Selection selection = selected.selection();
        if (selection.isEmpty() == all) {
            return selection;
        }
        throw new ParameterException(
                spec.commandLine(),
                all
                        ? "--all stands alone: without --route, --id, --from and --to"
                        : "which ones? --route, --id, --from and --to select, --all means all");
    }

    boolean dryRun() {
        return dryRun;
    }

    void print(PrintWriter out, String verb, AdminClient.Done report) {
        out.println((dryRun ? "would be " : "") + verb + ": " + report.done());
        report.left().forEach((reason, count) -> out.println("left: " + count + " (" + Visible.of(reason) + ")"));
    }
}
