// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.exception.ConnectorException;

/** A CoAP server that checks every request, and a client that sends commands to the gateway. */
final class CoapSide implements FarSide {
    private static final long LONGEST_MILLIS = 30_000;

    private final Tally tally;
    private final CoapServer server;
    private final CoapEndpoint serving;
    private final CoapEndpoint asking;
    private final int listenPort = LoopbackPorts.free();

    private CoapSide(Tally tally) {
        CoapConfig.register();
        UdpConfig.register();
        Configuration settings = Configuration.createStandardWithoutFile();
        this.tally = tally;
        this.serving = endpoint(settings);
        this.asking = endpoint(settings);
        this.server = new CoapServer(settings);
        server.addEndpoint(serving);
        server.add(new Readings());
    }

    private static CoapEndpoint endpoint(Configuration settings) {
        return CoapEndpoint.builder()
                .setConfiguration(settings)
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
    }

    static CoapSide start(Tally tally) throws IOException {
        CoapSide side = new CoapSide(tally);
        side.server.start();
        side.asking.start();
        return side;
    }

    /** Takes {@code POST readings/device-N}. */
    private final class Readings extends CoapResource {
        Readings() {
            super("readings");
        }

        @Override
        public Resource getChild(String name) {
            return this;
        }

        @Override
        public void handlePOST(CoapExchange request) {
            List<String> path = request.getRequestOptions().getUriPath();
            tally.arrived(
                    DemoPlan.deviceOf(path.get(path.size() - 1)),
                    NumberedPayload.numberIn(request.getRequestPayload()));
            request.respond(CoAP.ResponseCode.CHANGED);
        }
    }

    @Override
    public String name() {
        return "coap";
    }

    @Override
    public String endpoints() {
        return """
                meters: {coap: {url: "coap://127.0.0.1:%d"}}
                field: {coap: {listen: "127.0.0.1:%d"}}
                """.formatted(serving.getAddress().getPort(), listenPort);
    }

    @Override
    public String routes() {
        return """
                coap-telemetry:
                  from: {mqtt: "sensors/coap/{device}/telemetry"}
                  to: {meters: {path: "/readings/{device}"}}

                coap-commands:
                  from: {field: {path: "/commands/{device}"}}
                  to: {mqtt: {topic: "sensors/coap/{path.device}/commands", qos: 1}}
                """;
    }

    @Override
    public void sendCommand(int device, int number) throws IOException, ConnectorException {
        CoapClient client =
                new CoapClient("coap://127.0.0.1:" + listenPort + "/commands/" + DemoPlan.deviceName(device));
        client.setEndpoint(asking).setTimeout(LONGEST_MILLIS);
        tally.commandSent();
        CoapResponse answer = client.post(NumberedPayload.of(number), MediaTypeRegistry.APPLICATION_JSON);
        if (answer == null || !answer.isSuccess()) {
            throw new IOException("the gateway answered " + (answer == null ? "nothing" : answer.getCode()));
        }
    }

    @Override
    public void close() {
        server.destroy();
        asking.destroy();
    }
}
