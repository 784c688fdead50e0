// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape in Prometheus' text format 0.0.4, read strictly: every family has its type before its samples, stands in one
 * piece, and has no sample twice; values are numbers; histograms add up.
 */
final class Scrape {
    private static final Pattern HELP =
            Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\\\n]|\\\\[\\\\n])*)");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|-?[0-9]+(?:\\.[0-9]+)?(?:E-?[0-9]+)?)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, Map<Map<String, String>, Double>> samples = new LinkedHashMap<>();
    private final Set<String> closed = new LinkedHashSet<>();
    private String family = "";

    private Scrape() {}

    static Scrape parse(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("does not end with a line's end");
        }
        Scrape scrape = new Scrape();
        text.lines().forEach(scrape::line);
        scrape.checkHistograms();
        return scrape;
    }

    private void line(String line) {
        Matcher help = HELP.matcher(line);
        Matcher type = TYPE.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (help.matches()) {
            enter(help.group(1));
        } else if (type.matches()) {
            enter(type.group(1));
            require(types.put(type.group(1), type.group(2)) == null, "two types", line);
        } else if (sample.matches()) {
            require(belongs(sample.group(1)), "a sample outside of its family", line);
            Map<Map<String, String>, Double> of =
                    samples.computeIfAbsent(sample.group(1), name -> new LinkedHashMap<>());
            Map<String, String> labels = labels(sample.group(2));
            require(of.put(labels, number(sample.group(3))) == null, "a sample twice", line);
        } else {
            throw new AssertionError("not of the format: " + line);
        }
    }

    private void enter(String name) {
        if (!name.equals(family)) {
            require(closed.add(name), "a family in two pieces", name);
            family = name;
        }
    }

    private boolean belongs(String sample) {
        String type = types.get(family);
        return "histogram".equals(type)
                ? Set.of(family + "_bucket", family + "_sum", family + "_count").contains(sample)
                : type != null && (sample.equals(family) || (type.equals("summary") && sample.startsWith(family)));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text != null) {
            Matcher label = LABEL.matcher(text);
            int end = 0;
            while (label.find() && label.start() == end) {
                require(labels.put(label.group(1), label.group(2)) == null, "a label twice", text);
                end = label.end();
            }
            require(end == text.length(), "labels", text);
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private void checkHistograms() {
        types.forEach((name, type) -> {
            if (type.equals("histogram")) {
                of(name + "_count").forEach((labels, count) -> checkHistogram(name, labels, count));
            }
        });
    }

    private void checkHistogram(String name, Map<String, String> labels, double count) {
        TreeMap<Double, Double> buckets = new TreeMap<>();
        of(name + "_bucket").forEach((bucket, value) -> {
            Map<String, String> others = new TreeMap<>(bucket);
            String end = others.remove("le");
            if (end != null && others.equals(labels)) {
                buckets.put(number(end), value);
            }
        });
        double before = 0;
        for (double value : buckets.values()) {
            require(value >= before, "buckets that shrink", name);
            before = value;
        }
        require(buckets.lastKey().isInfinite() && before == count, "buckets and count differ", name);
    }

    private static void require(boolean isMet, String what, String where) {
        if (!isMet) {
            throw new AssertionError(what + ": " + where);
        }
    }

    Map<String, String> types() {
        return types;
    }

    /** The samples of a name, by their labels. */
    Map<Map<String, String>, Double> of(String name) {
        return samples.getOrDefault(name, Map.of());
    }

    double value(String name, Map<String, String> labels) {
        Double value = of(name).get(labels);
        if (value == null) {
            throw new AssertionError("no " + name + labels + " in " + of(name).keySet());
        }
        return value;
    }

    /** All label names there are in a family of Gantry's own. */
    Set<String> ownLabelNames() {
        Set<String> names = new LinkedHashSet<>();
        samples.forEach((name, of) -> {
            if (name.startsWith("gantry_")) {
                of.keySet().forEach(labels -> names.addAll(labels.keySet()));
            }
        });
        return names;
    }

    int size() {
        return samples.values().stream().mapToInt(Map::size).sum();
    }
}
