// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * A request as {@link HttpSink} wants it sent.
 *
 * @param url of the endpoint's host, always
 * @param headers all but those that frame the body, the key, and who we are
 * @param key by which the service knows a repetition
 */
record PreparedRequest(
        HttpTo.Method method, URI url, List<Header> headers, String key, Payload body, HttpTo.Compression compression) {

    private static final String KEY = "Idempotency-Key";

    HttpUriRequestBase toRequest() {
        HttpUriRequestBase request = new HttpUriRequestBase(method.name(), url);
        headers.forEach(request::addHeader);
        request.addHeader(KEY, key);
        if (!method.hasBody()) {
            return request;
        }
        boolean isPacked = compression == HttpTo.Compression.GZIP && !body.isEmpty();
        if (isPacked) {
            request.addHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        request.setEntity(new PayloadEntity(isPacked ? packed() : body));
        return request;
    }

    private Payload packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.size() / 2 + 32);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.sharedBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Payload.owning(bytes.toByteArray());
    }

    /** Whether the other one differs in body and key alone, so that both can be one request. */
    boolean goesWith(PreparedRequest other) {
        if (headers.size() != other.headers.size()) {
            return false;
        }
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).getValue().equals(other.headers.get(i).getValue())) {
                return false;
            }
        }
        return true;
    }
}
