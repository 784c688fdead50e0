// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All metrics: those of the JVM and the process, by Micrometer's binders, and those of the gateway, which are not counted
 * here but looked up at each scrape. Made by the first scrape, as the start of a gateway must not wait for it; pauses of
 * the garbage collector are therefore counted from then on. Any thread.
 */
final class GatewayMetrics implements AutoCloseable {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Administration gateway;
    private final OwnNumbers own;
    private @Nullable PrometheusMeterRegistry opened;
    private @Nullable JvmGcMetrics gc;

    GatewayMetrics(Administration gateway, OwnNumbers own) {
        this.gateway = gateway;
        this.own = own;
    }

    /**
     * Everything now.
     *
     * @param accept what the scraper wants: OpenMetrics when it names that, otherwise Prometheus' own text
     */
    Answer scrape(String accept) {
        String type = accept.contains(OPEN_METRICS)
                ? OpenMetricsTextFormatWriter.CONTENT_TYPE
                : PrometheusTextFormatWriter.CONTENT_TYPE;
        return new Answer(200, type, registry().scrape(type), Map.of());
    }

    private synchronized PrometheusMeterRegistry registry() {
        if (opened == null) {
            opened = open();
        }
        return opened;
    }

    private PrometheusMeterRegistry open() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        JvmGcMetrics pauses = new JvmGcMetrics();
        pauses.bindTo(registry);
        gc = pauses;
        registry.getPrometheusRegistry().register(new GatewayCollector(gateway, own));
        return registry;
    }

    @Override
    public synchronized void close() {
        if (gc != null) {
            gc.close();
        }
        if (opened != null) {
            opened.close();
        }
    }
}
