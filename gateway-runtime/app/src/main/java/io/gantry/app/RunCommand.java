// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.files.FollowedFiles;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import io.gantry.store.StoreRefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code gantry run}: reads a file and starts the gateway. */
@Command(name = "run", description = "Starts the gateway; it stops on SIGTERM or Ctrl-C.")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Mixin
    private final ConfigOption config;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RunCommand(Function<String, @Nullable String> environment) {
        this.config = new ConfigOption(environment);
    }

    @Override
    public Integer call() throws Exception {
        FollowedFiles<GatewaySettings> settings;
        try {
            settings = config.follow(RunCommand::warn);
        } catch (InvalidConfigException invalid) {
            invalid.problems().forEach(spec.commandLine().getErr()::println);
            return ExitCode.SOFTWARE;
        }
        return run(settings);
    }

    private int run(FollowedFiles<GatewaySettings> settings) throws InterruptedException {
        Gateway gateway;
        try {
            gateway = Gateway.start(settings.current(), this::say);
        } catch (IOException | StoreRefusedException | RuntimeException | LinkageError failure) {
            spec.commandLine().getErr().println("gantry: " + placeOf(failure) + failure.getMessage());
            return ExitCode.SOFTWARE;
        }
        FollowedConfig followed = new FollowedConfig(settings, gateway::replaceRoles).start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, followed), "gantry-stop"));
        say("ready");
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    /** A file that a setting names is opened only now, when the settings have been read. */
    private static String placeOf(Throwable failure) {
        return failure instanceof InvalidSettingException refused
                ? refused.key().map(key -> key + ": ").orElse("")
                : "";
    }

    private static void warn(Problem warning) {
        LOG.atWarn()
                .addKeyValue("place", warning.place())
                .addKeyValue("warning", warning.message())
                .log("the configuration is not as safe as it could be");
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    /** A signal alone would end the process with 128 and its number; a stop that was asked for is a success. */
    private static void stop(Gateway gateway, FollowedConfig followed) {
        followed.close();
        gateway.close();
        Runtime.getRuntime().halt(ExitCode.OK);
    }
}
