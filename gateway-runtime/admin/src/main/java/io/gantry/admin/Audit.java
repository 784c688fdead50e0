// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records changes: one line of JSON each, who, what, with which result, from where. The first part of a line is on the disk
 * before the change is begun, the result is appended to it: so nothing is changed that is not recorded, and a line whose end
 * is missing tells of a change during which the gateway ended. Refused changes have a line too, but at most 60 a minute: who
 * has no token must not be able to push the others out of the file. Closed once; otherwise one thread at a time.
 */
final class Audit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_LINE = 32 * 1024;
    private static final int REFUSED_PER_MINUTE = 60;
    private static final long MINUTE = 60_000_000_000L;

    private final AuditFile file;
    private final Clock clock;
    private final LongSupplier nanos;
    private byte @Nullable [] owed;
    private long minuteBegan;
    private int refusedThisMinute;
    private long leftOut;

    private Audit(AuditFile file, Clock clock, LongSupplier nanos) {
        this.file = file;
        this.clock = clock;
        this.nanos = nanos;
        this.minuteBegan = nanos.getAsLong();
    }

    /**
     * Opens the file, and makes it when there is none.
     *
     * @throws IOException when it cannot be written; its message names the key
     */
    static Audit open(AuditSettings settings, Path path, Clock clock, LongSupplier nanos) throws IOException {
        try {
            AuditFile file = AuditFile.open(path, settings.maxSize().bytes(), settings.keep());
            Audit audit = new Audit(file, clock, nanos);
            audit.endLastLine();
            return audit;
        } catch (IOException failure) {
            throw new IOException(
                    "admin.audit.file: cannot write " + path + ": " + failure + "; another file is taken with admin:"
                            + " {audit: {file: PATH}}",
                    failure);
        }
    }

    /** A line without an end is that of a change during which the gateway ended. */
    private void endLastLine() throws IOException {
        String tail = new String(file.tail(LONGEST_LINE), UTF_8);
        if (tail.isEmpty() || tail.endsWith("\n")) {
            return;
        }
        String end = end("unknown", 0, "the gateway ended meanwhile");
        String line = tail.substring(tail.lastIndexOf('\n') + 1) + end;
        try {
            new JsonObject(line);
            file.append(end.getBytes(US_ASCII));
        } catch (DecodeException torn) {
            file.append("\n".getBytes(US_ASCII));
        }
    }

    /**
     * Has a change made, and recorded.
     *
     * @return the answer of the change, or 503 when it was not made since it cannot be recorded
     */
    Answer change(Caller caller, String what, String asked, Supplier<Answer> change) {
        try {
            begin(caller, what, asked);
        } catch (IOException failure) {
            LOG.atError().addKeyValue("cause", failure).log("a change was refused: the audit file cannot be written");
            return Answer.error(503, "nothing was changed: the audit file cannot be written");
        }
        Answer answer = change.get();
        String result = answer.status() < 400 ? "done" : answer.status() < 500 ? "refused" : "failed";
        owed = end(result, answer.status(), answer.body()).getBytes(US_ASCII);
        try {
            payOwed();
        } catch (IOException failure) {
            LOG.atError()
                    .addKeyValue("who", caller.name())
                    .addKeyValue("what", what)
                    .addKeyValue("result", result)
                    .addKeyValue("cause", failure)
                    .log("the result of a change is not in the audit file; nothing is changed until it is");
        }
        return answer;
    }

    /** Records a change that was refused before anybody was asked to make it. */
    void refused(Caller caller, String what, Answer answer) {
        if (!isWithinRate()) {
            leftOut++;
            return;
        }
        try {
            begin(caller, what, "");
            file.append(end("refused", answer.status(), answer.body()).getBytes(US_ASCII));
        } catch (IOException failure) {
            leftOut++;
            LOG.atError().addKeyValue("cause", failure).log("a refused change is not in the audit file");
        }
    }

    private boolean isWithinRate() {
        long now = nanos.getAsLong();
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            refusedThisMinute = 0;
        }
        return ++refusedThisMinute <= REFUSED_PER_MINUTE;
    }

    private void begin(Caller caller, String what, String asked) throws IOException {
        payOwed();
        JsonObject line = new JsonObject()
                .put("at", Instant.ofEpochMilli(clock.millis()).toString())
                .put("who", caller.name())
                .put("role", caller.role())
                .put("from", caller.from())
                .put("what", shortened(what))
                .put("asked", shortened(asked));
        if (leftOut > 0) {
            line.put("refusedWithoutLine", leftOut);
        }
        String text = ascii(line.encode());
        file.prepare(LONGEST_LINE);
        file.append(text.substring(0, text.length() - 1).getBytes(US_ASCII));
        leftOut = 0;
    }

    private void payOwed() throws IOException {
        if (owed != null) {
            file.append(owed);
            owed = null;
        }
    }

    private static String end(String result, int status, String answer) {
        JsonObject end =
                new JsonObject().put("result", result).put("status", status).put("answer", shortened(answer.strip()));
        return "," + ascii(end.encode()).substring(1) + "\n";
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** JSON escapes only some of the characters that act on terminals and on the order of others. */
    private static String ascii(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        json.chars().forEach(c -> {
            if (c < 0x7F) {
                escaped.append((char) c);
            } else {
                escaped.append(String.format("\\u%04x", c));
            }
        });
        return escaped.toString();
    }

    @Override
    public void close() throws IOException {
        payOwed();
        file.close();
    }
}
