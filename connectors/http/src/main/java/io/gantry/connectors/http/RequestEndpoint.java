// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.http.HttpProducer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequest;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP endpoint whose producer sends the request that {@link HttpSink} put into the body. Camel's own producer makes
 * URL, method and headers out of headers such as {@code CamelHttpUri}; here no header can choose anything, because none
 * is read. It also waits on the caller's thread; here the endpoint's own threads do.
 */
final class RequestEndpoint extends HttpEndpoint {
    /** The exchange's property with what the service has answered. */
    static final String ANSWER = "gantry.http.answer";

    private final SharedClient client;
    private final Workers workers;
    private final @Nullable Answers answers;

    /**
     * A route's end.
     *
     * @param answers null when the body of an answer is nobody's
     */
    RequestEndpoint(
            String uri,
            HttpComponent component,
            URI target,
            SharedClient client,
            Workers workers,
            @Nullable Answers answers) {
        super(uri, component, target);
        this.client = client;
        this.workers = workers;
        this.answers = answers;
        setSkipControlHeaders(true);
        setSkipRequestHeaders(true);
        setSkipResponseHeaders(true);
        setIgnoreResponseBody(true);
        setFollowRedirects(false);
        setThrowExceptionOnFailure(true);
    }

    /** The one that all routes share; this endpoint does not close it. */
    @Override
    public HttpClient getHttpClient() {
        return client.httpClient();
    }

    @Override
    public Producer createProducer() {
        return new PooledProducer(this);
    }

    private final class RequestProducer extends HttpProducer {

        RequestProducer(RequestEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        protected HttpUriRequest createMethod(Exchange exchange) {
            // Camel asks it for its address only: what is sent is made anew, since it may have to be sent twice.
            return new HttpUriRequestBase(
                    "GET", ((PreparedRequest) exchange.getMessage().getBody()).url());
        }

        @Override
        protected <T> T executeMethod(
                Exchange exchange, HttpHost host, HttpUriRequest request, HttpClientResponseHandler<T> handler)
                throws IOException, HttpException {
            Response response =
                    client.exchange((PreparedRequest) exchange.getMessage().getBody(), answers != null);
            if (answers != null && response.isSuccess()) {
                exchange.setProperty(ANSWER, answers.of(response));
            }
            return handler.handleResponse(response.head());
        }
    }

    private final class PooledProducer extends DefaultAsyncProducer {
        private final RequestProducer blocking;

        PooledProducer(RequestEndpoint endpoint) {
            super(endpoint);
            this.blocking = new RequestProducer(endpoint);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            try {
                workers.run(() -> send(exchange), () -> callback.done(false));
                return false;
            } catch (RejectedExecutionException full) {
                exchange.setException(full);
                callback.done(true);
                return true;
            }
        }

        private void send(Exchange exchange) {
            try {
                blocking.process(exchange);
            } catch (Throwable failure) {
                exchange.setException(failure);
            }
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            ServiceHelper.startService(blocking);
        }

        @Override
        protected void doStop() throws Exception {
            ServiceHelper.stopService(blocking);
            super.doStop();
        }
    }
}
