// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.UDPConnector;
import org.jspecify.annotations.Nullable;

/** Californium's client. */
final class Caller implements AutoCloseable {
    private final ScheduledThreadPoolExecutor threads = Threads.of(1, "caller");
    private final CoapEndpoint endpoint;
    private final int port;
    private final @Nullable String host;

    Caller(int port) {
        this(
                port,
                new UDPConnector(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ScriptedServer.configuration()));
    }

    Caller(int port, Connector connector) {
        this(port, connector, null);
    }

    /**
     * One with a connection of its own.
     *
     * @param host the name that it calls the gateway by; null for none
     */
    Caller(int port, Connector connector, @Nullable String host) {
        this.port = port;
        this.host = host;
        this.endpoint = CoapEndpoint.builder()
                .setConfiguration(ScriptedServer.configuration().set(CoapConfig.MAX_RETRANSMIT, 2))
                .setConnector(connector)
                .build();
        endpoint.setExecutors(threads, threads);
        try {
            endpoint.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A request to a path that may have a query. */
    static Request request(Code code, String path, String payload) {
        Request request = new Request(code);
        String[] parts = path.split("\\?", 2);
        for (String segment : parts[0].substring(1).split("/", -1)) {
            request.getOptions().addUriPath(segment);
        }
        if (parts.length == 2) {
            List.of(parts[1].split("&")).forEach(request.getOptions()::addUriQuery);
        }
        if (!payload.isEmpty()) {
            request.setPayload(payload);
        }
        return request;
    }

    static Option option(String nameAndValue) {
        return new Option(MessageOptions.NUMBER, nameAndValue.getBytes(StandardCharsets.US_ASCII));
    }

    Response call(Code code, String path, String payload) {
        return call(request(code, path, payload));
    }

    Response call(Request request) {
        return Harness.answerOf(send(request));
    }

    CompletableFuture<Response> send(Request request) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                answer.complete(response);
            }

            @Override
            protected void failed() {
                answer.completeExceptionally(new IOException("no answer"));
            }
        });
        request.setDestinationContext(
                new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), host, null));
        endpoint.sendRequest(request);
        return answer;
    }

    /** Payloads of the first answer and of the notifications, as they come. */
    Observing observe(String path) {
        Observing observing = new Observing(request(Code.GET, path, ""));
        observing.request.setObserve();
        observing.request.setDestinationContext(
                new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        endpoint.addNotificationListener((request, response) -> {
            if (request.getToken().equals(observing.request.getToken())) {
                observing.contents.add(response.getPayloadString());
            }
        });
        observing.request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                observing.first.complete(response);
            }
        });
        endpoint.sendRequest(observing.request);
        return observing;
    }

    /** One observation. */
    static final class Observing {
        final Request request;
        final CompletableFuture<Response> first = new CompletableFuture<>();
        final List<String> contents = new CopyOnWriteArrayList<>();

        Observing(Request request) {
            this.request = request;
        }
    }

    /** Ends an observation by asking for that. */
    Response cancel(Observing observing) {
        endpoint.cancelObservation(observing.request.getToken());
        Request cancel = new Request(Code.GET, Type.CON);
        cancel.setOptions(observing.request.getOptions());
        cancel.setObserveCancel();
        cancel.setToken(observing.request.getToken());
        return call(cancel);
    }

    static String shown(Response response) {
        ResponseCode code = response.getCode();
        return response.getPayloadSize() == 0 ? code.text : code.text + " " + response.getPayloadString();
    }

    @Override
    public void close() {
        endpoint.destroy();
        threads.shutdownNow();
    }
}
