// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ShutdownStrategy;

/** A Camel context without what Gantry does itself or does not want to pay for with each message. */
final class QuietCamel {
    private static final int DRAIN_SECONDS = 10;

    private QuietCamel() {}

    static CamelContext create() {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.disableJMX();
        camel.getCamelContextExtension().setName("gantry");
        camel.setMessageHistory(false);
        camel.setStreamCaching(false);
        camel.setUseMDCLogging(false);
        camel.setUseBreadcrumb(false);
        camel.setAllowUseOriginalMessage(false);
        camel.setUseDataType(false);
        camel.setTracing(false);
        camel.setAutowiredEnabled(false);
        camel.setLoadTypeConverters(false);
        camel.setTypeConverterStatisticsEnabled(false);
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        ShutdownStrategy shutdown = camel.getShutdownStrategy();
        shutdown.setTimeUnit(TimeUnit.SECONDS);
        shutdown.setTimeout(DRAIN_SECONDS);
        shutdown.setSuppressLoggingOnTimeout(true);
        shutdown.setLogInflightExchangesOnTimeout(false);
        return camel;
    }

    /** A step of the route controller, which declares every exception. */
    private interface Step {
        void run() throws Exception;
    }

    static void startRoute(CamelContext camel, String id) {
        attempt("cannot start route " + id, () -> camel.getRouteController().startRoute(id));
    }

    static void stopRoute(CamelContext camel, String id) {
        attempt("cannot stop route " + id, () -> camel.getRouteController()
                .stopRoute(id, DRAIN_SECONDS, TimeUnit.SECONDS));
    }

    private static void attempt(String failed, Step step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failed, failure);
        }
    }
}
