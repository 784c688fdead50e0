// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.net.URI;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.DefaultAsyncProducer;

/** An HTTP endpoint whose producer collects exchanges and sends several in one request; as {@link RequestEndpoint} it reads no header. */
final class BatchEndpoint extends HttpEndpoint {
    private final BatchLane lane;

    BatchEndpoint(String uri, HttpComponent component, URI target, BatchLane lane) {
        super(uri, component, target);
        this.lane = lane;
    }

    @Override
    public Producer createProducer() {
        return new LaneProducer(this);
    }

    private final class LaneProducer extends DefaultAsyncProducer {

        LaneProducer(BatchEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return lane.offer(exchange, callback);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            lane.start();
        }

        @Override
        protected void doStop() throws Exception {
            lane.stop();
            super.doStop();
        }
    }
}
