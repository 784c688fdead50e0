// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up, without a file: Gantry's own log on standard error, libraries only from WARN on. Logback finds this
 * class by itself, so that not even the first line comes out differently. Whoever names a file in
 * {@code -Dlogback.configurationFile} decides everything there.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String USERS_OWN_FILE = "logback.configurationFile";

    /** Control and format characters come from devices, and would forge lines or colours. */
    private static final String TEXT = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} - "
            + "%replace(%replace(%msg %kvp){'[\\p{Cntrl}\\p{Cf}]', '?'}){' $', ''}%n%ex";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(USERS_OWN_FILE) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        set(context, LogFormat.TEXT, LogLevel.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Changes format and level of the whole process. */
    public static void use(LogFormat format, LogLevel level) {
        if (System.getProperty(USERS_OWN_FILE) == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            set(context, format, level);
        }
    }

    private static void set(LoggerContext context, LogFormat format, LogLevel level) {
        context.reset();
        Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? json(context) : text(context);
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        Level gantry = Level.toLevel(level.name());
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(gantry.isGreaterOrEqual(Level.WARN) ? gantry : Level.WARN);
        root.addAppender(console);
        context.getLogger("io.gantry").setLevel(gantry);
        if (gantry.isGreaterOrEqual(Level.INFO)) {
            // warns several times a second while a Kafka is away, which Gantry says once
            context.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);
            // an error for each connection that an AMQP broker refuses, which Gantry says once
            context.getLogger("org.apache.qpid.jms").setLevel(Level.OFF);
        }
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(TEXT);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMDC(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }
}
