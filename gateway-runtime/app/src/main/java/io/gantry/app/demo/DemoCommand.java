// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code gantry demo}. */
@Command(
        name = "demo",
        description =
                "Starts a real Kafka (with --all, every kind of target), the gateway and simulated devices, and counts every"
                        + " message.")
public final class DemoCommand implements Callable<Integer> {
    /** Not in every installation: the container image leaves them out. */
    private static final String[] NEEDED = {"com.hivemq.client.mqtt.MqttClient", "io.gantry.testbed.KafkaServer"};

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Stop by itself after this time, such as 20s or 5m. Otherwise it runs until Ctrl-C.")
    private @Nullable Duration length;

    @Option(
            names = "--all",
            description = "Not Kafka alone, but Artemis (AMQP 1.0), HTTP and CoAP as well, with a route each way.")
    private boolean all;

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "50",
            description = "Devices of each target system. Default: 50.")
    private int devices;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages per second, of all devices of a target system together. Default: 2000, with --all"
                    + " 200.")
    private @Nullable Integer rate;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("not started by picocli");
        }
        if (devices < 1 || devices > 10_000) {
            throw new ParameterException(spec.commandLine(), "--devices must be 1 to 10000, was " + devices);
        }
        int perSecond = rate != null ? rate : all ? 200 : 2_000;
        if (perSecond < 1 || perSecond > 1_000_000) {
            throw new ParameterException(spec.commandLine(), "--rate must be 1 to 1000000, was " + perSecond);
        }
        for (String name : NEEDED) {
            if (isMissing(name)) {
                PrintWriter err = spec.commandLine().getErr();
                err.println("The demo's own jars are missing (" + name + "). Start it with the launcher, ./gantry demo,"
                        + " from an installation that has lib/demo.");
                return 1;
            }
        }
        DemoPlan plan = new DemoPlan(length, devices, perSecond, all);
        return DemoProcess.run(plan, spec.commandLine().getOut());
    }

    private static boolean isMissing(String className) {
        try {
            Class.forName(className, false, DemoCommand.class.getClassLoader());
            return false;
        } catch (ClassNotFoundException missing) {
            return true;
        }
    }

    /** Reads {@code 250ms}, {@code 20s}, {@code 5m} and {@code 1h}. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

        @Override
        public Duration convert(String text) {
            Matcher time = TIME.matcher(text);
            if (!time.matches()) {
                throw new TypeConversionException("'" + text + "' is not a time such as 20s, 5m or 1h");
            }
            long amount = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
    }
}
