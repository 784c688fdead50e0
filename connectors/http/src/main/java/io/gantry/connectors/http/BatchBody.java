// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Makes one request of several. */
final class BatchBody {
    private static final int KEY_BYTES = 16;

    private final BatchSettings.Format format;

    BatchBody(BatchSettings.Format format) {
        this.format = format;
    }

    /** The request for all of them, which differ in body and key alone. */
    PreparedRequest of(List<PreparedRequest> batch) {
        PreparedRequest first = batch.get(0);
        Payload body = format == BatchSettings.Format.NDJSON ? lines(batch) : array(batch);
        return new PreparedRequest(first.method(), first.url(), first.headers(), key(batch), body, first.compression());
    }

    /** The same for the same messages in the same order. One message's is its own. */
    private static String key(List<PreparedRequest> batch) {
        if (batch.size() == 1) {
            return batch.get(0).key();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (PreparedRequest request : batch) {
                digest.update(request.key().getBytes(StandardCharsets.US_ASCII));
                digest.update((byte) ' ');
            }
            return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Payload array(List<PreparedRequest> batch) {
        byte[] body = new byte[size(batch) + 1];
        int at = 0;
        body[at++] = '[';
        for (PreparedRequest request : batch) {
            if (at > 1) {
                body[at++] = ',';
            }
            at = copy(request, body, at);
        }
        body[at] = ']';
        return Payload.owning(body);
    }

    /** A line break within JSON stands between its tokens, where a blank means the same. */
    private static Payload lines(List<PreparedRequest> batch) {
        byte[] body = new byte[size(batch)];
        int at = 0;
        for (PreparedRequest request : batch) {
            int start = at;
            at = copy(request, body, at);
            for (int i = start; i < at; i++) {
                if (body[i] == '\n' || body[i] == '\r') {
                    body[i] = ' ';
                }
            }
            body[at++] = '\n';
        }
        return Payload.owning(body);
    }

    private static int copy(PreparedRequest request, byte[] body, int at) {
        byte[] one = request.body().sharedBytes();
        System.arraycopy(one, 0, body, at, one.length);
        return at + one.length;
    }

    /** Of all bodies, with one byte behind each. */
    private static int size(List<PreparedRequest> batch) {
        return batch.stream().mapToInt(request -> request.body().size() + 1).sum();
    }
}
