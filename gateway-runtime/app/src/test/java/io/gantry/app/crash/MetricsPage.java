// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The books of a running gateway, read as Prometheus reads them. */
final class MetricsPage {
    private static final Pattern SAMPLE = Pattern.compile(
            "gantry_messages_(accepted|delivered|dead_lettered|expired|dropped|waiting)(?:_total)?\\{([^}]*)} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(route|target)=\"([^\"]*)\"");

    private final URI address;

    MetricsPage(int port) {
        this.address = URI.create("http://127.0.0.1:" + port + "/metrics");
    }

    /** All books at one moment, by {@code route/target}. */
    Map<String, Books> read() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(2)).build();
        // one that was connected to the gateway before it was killed would find out by failing
        HttpClient client = HttpClient.newHttpClient();
        return books(client.send(request, BodyHandlers.ofString()).body());
    }

    static Map<String, Books> books(String page) {
        Map<String, Map<String, Long>> figures = new TreeMap<>();
        for (String line : page.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                figures.computeIfAbsent(outbox(sample.group(2)), name -> new TreeMap<>())
                        .merge(sample.group(1), (long) Double.parseDouble(sample.group(3)), Long::sum);
            }
        }
        Map<String, Books> books = new TreeMap<>();
        figures.forEach((outbox, of) -> books.put(
                outbox,
                new Books(
                        of.getOrDefault("accepted", 0L),
                        of.getOrDefault("delivered", 0L),
                        of.getOrDefault("dead_lettered", 0L),
                        of.getOrDefault("expired", 0L),
                        of.getOrDefault("dropped", 0L),
                        of.getOrDefault("waiting", 0L))));
        return books;
    }

    private static String outbox(String labels) {
        Map<String, String> values = new TreeMap<>();
        Matcher label = LABEL.matcher(labels);
        while (label.find()) {
            values.put(label.group(1), label.group(2));
        }
        return values.get("route") + "/" + values.get("target");
    }
}
