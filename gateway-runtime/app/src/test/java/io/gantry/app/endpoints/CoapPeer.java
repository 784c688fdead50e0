// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/**
 * A CoAP server that answers 4.00 to what it never takes, and a client of the gateway that asks again what was not answered.
 * The client goes away with the server.
 */
final class CoapPeer implements Peer {
    private static final String POISON = "poison";
    private static final long LONGEST_MILLIS = TimeUnit.SECONDS.toMillis(15);

    private final int listenPort = LoopbackPorts.free();
    private final List<Numbered> arrived = new CopyOnWriteArrayList<>();
    private final CoapServer server;
    private final CoapEndpoint serving;
    private final CoapEndpoint asking;

    CoapPeer() throws IOException {
        CoapConfig.register();
        UdpConfig.register();
        Configuration settings =
                Configuration.createStandardWithoutFile().set(CoapConfig.ACK_TIMEOUT, 300, TimeUnit.MILLISECONDS);
        serving = endpoint(settings, LoopbackPorts.free());
        asking = endpoint(settings, 0);
        server = new CoapServer(settings);
        server.addEndpoint(serving);
        server.add(new Readings());
        back();
    }

    private static CoapEndpoint endpoint(Configuration settings, int port) {
        return CoapEndpoint.builder()
                .setConfiguration(settings)
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .build();
    }

    /** Takes {@code POST readings}. */
    private final class Readings extends CoapResource {
        Readings() {
            super("readings");
        }

        @Override
        public void handlePOST(CoapExchange request) {
            String payload = request.getRequestText();
            if (payload.equals(POISON)) {
                request.respond(ResponseCode.BAD_REQUEST);
            } else {
                arrived.add(Numbered.parse(payload));
                request.respond(ResponseCode.CHANGED);
            }
        }
    }

    @Override
    public String endpoints() {
        return """
                meters: {coap: {url: "coap://127.0.0.1:%d", ack-timeout: 300ms}}
                field: {coap: {listen: "127.0.0.1:%d"}}
                """.formatted(serving.getAddress().getPort(), listenPort);
    }

    @Override
    public String to() {
        return "{meters: {path: /readings}}";
    }

    @Override
    public String from() {
        return "{field: {path: /commands}}";
    }

    @Override
    public String device() {
        return "{query.device}";
    }

    @Override
    public List<Numbered> arrived() {
        return arrived;
    }

    @Override
    public String poison() {
        return POISON;
    }

    @Override
    public void send(Numbered message) throws Exception {
        if (!post(message.device(), Integer.toString(message.number())).isSuccess()) {
            throw new IOException("the gateway did not take " + message);
        }
    }

    @Override
    public void sendPoison() throws Exception {
        ResponseCode answer = post("a+b", "0").getCode();
        if (!answer.isClientError()) {
            throw new IOException("the gateway answered " + answer + " in place of 4.xx");
        }
    }

    private CoapResponse post(String device, String text) throws Exception {
        CoapClient client = new CoapClient("coap://127.0.0.1:" + listenPort + "/commands?device=" + device);
        client.setEndpoint(asking).setTimeout(LONGEST_MILLIS);
        CoapResponse answer = client.post(text, MediaTypeRegistry.TEXT_PLAIN);
        if (answer == null) {
            throw new IOException("the gateway did not answer");
        }
        return answer;
    }

    @Override
    public void away() {
        server.stop();
        asking.stop();
    }

    @Override
    public void back() throws IOException {
        server.start();
        asking.start();
    }

    @Override
    public void close() {
        server.destroy();
        asking.destroy();
    }
}
