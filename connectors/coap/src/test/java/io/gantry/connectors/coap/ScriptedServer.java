// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;

/** Californium's server on the loopback address; answers as it is told and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
    final List<Request> requests = new CopyOnWriteArrayList<>();

    private final ScheduledThreadPoolExecutor threads = Threads.of(2, "scripted");
    private final CoapEndpoint endpoint;
    private final String scheme;

    /** What becomes of a request. */
    @FunctionalInterface
    interface Reply {
        void to(Exchange exchange);
    }

    private final boolean remembers;

    private ScriptedServer(
            Connector connector, String scheme, Configuration configuration, Reply reply, boolean remembers) {
        this.scheme = scheme;
        this.remembers = remembers;
        endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(connector)
                .build();
        endpoint.setExecutors(threads, threads);
        endpoint.setMessageDeliverer(new MessageDeliverer() {
            @Override
            public void deliverRequest(Exchange exchange) {
                if (ScriptedServer.this.remembers) {
                    requests.add(exchange.getRequest());
                }
                reply.to(exchange);
            }

            @Override
            public void deliverResponse(Exchange exchange, Response response) {
                exchange.getRequest().setResponse(response);
            }
        });
        try {
            endpoint.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static ScriptedServer start(Reply reply) {
        return start(0, reply);
    }

    static ScriptedServer start(int port, Reply reply) {
        Configuration configuration = configuration();
        UDPConnector connector =
                new UDPConnector(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), configuration);
        return new ScriptedServer(connector, "coap", configuration, reply, true);
    }

    /** One that does not remember what it was asked, and so can be asked for long. */
    static ScriptedServer quiet(Reply reply) {
        Configuration configuration = configuration();
        UDPConnector connector =
                new UDPConnector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), configuration);
        return new ScriptedServer(connector, "coap", configuration, reply, false);
    }

    /** By DTLS. */
    static ScriptedServer secure(int port, UnaryOperator<DtlsConnectorConfig.Builder> keys, Reply reply) {
        Configuration configuration = configuration();
        DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new ScriptedServer(new DTLSConnector(keys.apply(builder).build()), "coaps", configuration, reply, true);
    }

    static Configuration configuration() {
        return new Configuration(
                        SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS)
                .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20)
                .set(CoapConfig.ACK_TIMEOUT, 300, TimeUnit.MILLISECONDS)
                .set(UdpConfig.UDP_DATAGRAM_SIZE, 8_192)
                .set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY);
    }

    static Reply code(ResponseCode code) {
        return exchange -> exchange.sendResponse(new Response(code));
    }

    static Reply unavailable(long maxAge) {
        return exchange -> {
            Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
            response.getOptions().setMaxAge(maxAge);
            exchange.sendResponse(response);
        };
    }

    static Reply text(String text) {
        return exchange -> {
            Response response = new Response(ResponseCode.CONTENT);
            response.setPayload(text);
            exchange.sendResponse(response);
        };
    }

    /** What was asked for, in its order. */
    List<String> paths() {
        return requests.stream()
                .map(request -> request.getOptions().getUriPathString())
                .toList();
    }

    int port() {
        return endpoint.getAddress().getPort();
    }

    String url() {
        return scheme + "://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        endpoint.destroy();
        threads.shutdownNow();
    }
}
