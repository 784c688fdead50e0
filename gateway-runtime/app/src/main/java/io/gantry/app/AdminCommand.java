// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.app.yaml.InvalidConfigException;
import java.io.PrintWriter;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that ask a running gateway have in common: what went wrong is one line, and exit code 1. */
final class AdminCommand {
    private AdminCommand() {}

    /** What a command asks, and what it prints of the answer. */
    interface Question {
        void ask(AdminClient gateway, PrintWriter out) throws AdminException;
    }

    static int run(CommandSpec spec, AdminOption option, Question question) {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        try {
            question.ask(option.client(), out);
            out.flush();
            return ExitCode.OK;
        } catch (InvalidConfigException invalid) {
            invalid.problems().forEach(err::println);
        } catch (AdminException failure) {
            err.println("gantry: " + Visible.of(failure.text()));
        }
        return ExitCode.SOFTWARE;
    }
}
