// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** Shows the counts: a table that is drawn over itself in a terminal, one line at a time elsewhere. */
final class Screen {
    private static final int RECENT_SECONDS = 5;
    private static final String CLEAR = "\u001b[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private int drawn;
    private final Deque<AckTimes.Counted> recent = new ArrayDeque<>();
    private long lastSent;
    private double lastSeconds;

    Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** How often to show. */
    long intervalMillis() {
        return terminal ? 500 : 1_000;
    }

    void say(String text) {
        drawn = 0;
        out.println(text);
        out.flush();
    }

    /** Shows the counts after so many seconds. */
    void show(Tally tally, double seconds) {
        Tally.Counts now = tally.counts();
        double passed = seconds - lastSeconds;
        long rate = passed <= 0 ? 0 : Math.round((now.sent() - lastSent) / passed);
        lastSent = now.sent();
        lastSeconds = seconds;
        AckTimes.Counted times = ofTheLastSeconds(tally.ackTimes().counted());
        if (terminal) {
            redraw(table(now, times, seconds, rate));
        } else {
            say(line(now, times, seconds, rate));
        }
    }

    /** Shows the counts of several targets after so many seconds, one line for all. */
    void showAll(List<Leg> legs, double seconds) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%5.1f s", seconds));
        for (Leg leg : legs) {
            Tally.Counts now = leg.tally().counts();
            line.append(String.format(
                    Locale.ROOT,
                    "  %s %d of %d, commands %d of %d%s",
                    leg.farSide().name(),
                    now.arrived(),
                    now.sent(),
                    now.commandsReceived(),
                    now.commandsSent(),
                    now.failed() == 0 ? "" : ", failed " + now.failed()));
        }
        if (terminal) {
            redraw(List.of(line.toString()));
        } else {
            say(line.toString());
        }
    }

    /** PUBACK times of the whole demo, as one sentence. */
    void summarise(Tally tally) {
        AckTimes.Counted times = tally.ackTimes().counted();
        say("PUBACK over the whole time, warm-up included: p50 " + millis(times, 0.5) + ", p99 " + millis(times, 0.99));
    }

    /** What the JVMs did while they warmed up says nothing about now. */
    private AckTimes.Counted ofTheLastSeconds(AckTimes.Counted now) {
        recent.addLast(now);
        AckTimes.Counted before = AckTimes.Counted.NOTHING;
        if (recent.size() > RECENT_SECONDS * 1_000 / intervalMillis()) {
            before = recent.removeFirst();
        }
        return now.since(before);
    }

    private void redraw(List<String> lines) {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A");
        }
        lines.forEach(line -> out.println(CLEAR + line));
        out.flush();
        drawn = lines.size();
    }

    private static List<String> table(Tally.Counts now, AckTimes.Counted times, double seconds, long rate) {
        return List.of(
                "",
                row("time", "%.1f s".formatted(seconds), ""),
                row("sent", now.sent(), rate + "/s"),
                row("acknowledged", now.acknowledged(), now.underWay() + " under way"),
                row("in Kafka", now.arrived(), ""),
                row("commands sent", now.commandsSent(), ""),
                row("commands received", now.commandsReceived(), ""),
                row(
                        "PUBACK, last 5 s",
                        "p50 %s".formatted(millis(times, 0.5)),
                        "p99 %s".formatted(millis(times, 0.99))),
                row(
                        "duplicates",
                        now.faults().duplicates(),
                        "out of order " + now.faults().outOfOrder()),
                row("failed", now.failed(), ""));
    }

    private static String row(String name, Object value, String remark) {
        return String.format(Locale.ROOT, "  %-18s %14s   %s", name, value, remark);
    }

    private static String line(Tally.Counts now, AckTimes.Counted times, double seconds, long rate) {
        return String.format(
                Locale.ROOT,
                "%5.1f s  sent %d (%d/s)  acknowledged %d  in Kafka %d  commands %d of %d  PUBACK p50 %s p99 %s%s",
                seconds,
                now.sent(),
                rate,
                now.acknowledged(),
                now.arrived(),
                now.commandsReceived(),
                now.commandsSent(),
                millis(times, 0.5),
                millis(times, 0.99),
                now.failed() == 0 ? "" : "  failed " + now.failed());
    }

    private static String millis(AckTimes.Counted times, double share) {
        return String.format(Locale.ROOT, "%.1f ms", times.millis(share));
    }
}
