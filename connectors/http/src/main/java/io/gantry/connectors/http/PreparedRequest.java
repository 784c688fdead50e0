// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import java.net.URI;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.Header;

/**
 * A request as {@link HttpSink} wants it sent.
 *
 * @param url of the endpoint's host, always
 * @param headers all but those that frame the body and who we are
 */
record PreparedRequest(HttpTo.Method method, URI url, List<Header> headers, Payload body) {

    HttpUriRequestBase toRequest() {
        HttpUriRequestBase request = new HttpUriRequestBase(method.name(), url);
        headers.forEach(request::addHeader);
        if (method.hasBody()) {
            request.setEntity(new PayloadEntity(body));
        }
        return request;
    }
}
