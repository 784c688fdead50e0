// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket connection before its upgrade: answers one HTTP request, with 101 and its place given to
 * {@link WebSocketFrames}, or with a refusal and the end. The deadline for CONNECT runs meanwhile.
 */
public final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
    private static final int MAX_REQUEST_LINE = 2 * 1024;
    private static final int MAX_HEADERS = 8 * 1024;
    private static final int MAX_BODY = 1024;
    private static final int LEAST_FRAME_LIMIT = 64 * 1024;
    private static final String VERSION = "13";
    private static final Pattern ADDRESS =
            Pattern.compile("(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?");
    /** The second is what clients of 3.1 ask for. */
    private static final List<String> SUB_PROTOCOLS = List.of("mqtt", "mqttv3.1");

    private final Terms terms;
    private final List<Object> early = new ArrayList<>(0);
    private boolean answered;

    /**
     * What a listener grants.
     *
     * @param path that a request must name
     * @param allowedOrigins pages that may connect; {@code *} stands for any
     * @param maxPacketSize largest packet taken, in bytes; a frame may be as large, or hold 64 KiB of smaller ones
     */
    public record Terms(String path, List<String> allowedOrigins, int maxPacketSize, Counters counters) {

        /**
         * Whether who sends this Origin may connect. Some clients that are no browser name the gateway itself. That is
         * believed of an address, as no page of another site has it as its origin; a name could have been given to the
         * gateway's address by anyone (DNS rebinding), so it must be listed.
         */
        private boolean allowsOrigin(String origin, @Nullable String host) {
            boolean isGateway = host != null
                    && ADDRESS.matcher(host).matches()
                    && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
            return isGateway
                    || allowedOrigins.stream()
                            .anyMatch(allowed -> allowed.equals("*") || allowed.equalsIgnoreCase(origin));
        }
    }

    /** An answer other than 101. */
    private record Refusal(HttpResponseStatus status, String detail) {}

    private WebSocketUpgrade(Terms terms) {
        this.terms = terms;
    }

    /** Adds what makes packets' bytes of HTTP and frames, to go before the packet decoder. */
    public static void addTo(ChannelPipeline pipeline, Terms terms) {
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setChunkedSupported(false);
        // the encoder first: Netty's handshake puts those of the frames in their places, and closing frames pass it
        pipeline.addLast("http-encoder", new HttpResponseEncoder());
        pipeline.addLast("http-decoder", new HttpRequestDecoder(limits));
        pipeline.addLast("http-request", new HttpObjectAggregator(MAX_BODY, true));
        pipeline.addLast("web-socket", new WebSocketUpgrade(terms));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (!answered && read instanceof FullHttpRequest request) {
            answered = true;
            try {
                answer(ctx, request);
            } finally {
                request.release();
            }
        } else if (read instanceof WebSocketFrame) {
            // sent together with the request: Netty hands it on before the handshake is done
            early.add(read);
        } else {
            ReferenceCountUtil.release(read);
        }
    }

    private void answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        Optional<Refusal> refusal = refusal(request);
        if (refusal.isPresent()) {
            refuse(ctx, refusal.get());
        } else {
            upgrade(ctx, request);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        // to the handler that takes this one's place, or, when the channel has closed, to nobody
        early.forEach(ctx::fireChannelRead);
        early.clear();
    }

    private Optional<Refusal> refusal(FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "not an HTTP request, or one too long");
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!terms.allowsOrigin(origin, headers.get(HttpHeaderNames.HOST))) {
                return refusal(HttpResponseStatus.FORBIDDEN, "Origin " + origin + " is not in allowed-origins");
            }
        }
        if (!pathOf(request.uri()).equals(terms.path)) {
            return refusal(HttpResponseStatus.NOT_FOUND, "expected the path " + terms.path);
        }
        boolean wantsUpgrade = request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        if (!wantsUpgrade || !VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return refusal(HttpResponseStatus.UPGRADE_REQUIRED, "expected an upgrade to WebSocket " + VERSION);
        }
        if (subProtocolOf(headers).isEmpty()) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "expected the WebSocket sub-protocol mqtt");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refusal(HttpResponseStatus status, String detail) {
        return Optional.of(new Refusal(status, detail));
    }

    private static String pathOf(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** The one of ours the device offers [5.0/MQTT-6.0.0-3] [5.0/MQTT-6.0.0-4]. */
    private static Optional<String> subProtocolOf(HttpHeaders headers) {
        List<String> offered = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .toList();
        return SUB_PROTOCOLS.stream().filter(offered::contains).findFirst();
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request) {
        String subProtocol = subProtocolOf(request.headers()).orElseThrow();
        // as the only one offered, whatever came in however many lines
        request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subProtocol);
        WebSocketDecoderConfig frames = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(Math.max(terms.maxPacketSize, LEAST_FRAME_LIMIT))
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .build();
        try {
            new WebSocketServerHandshaker13("", subProtocol, frames).handshake(ctx, request);
            ctx.pipeline().replace(this, "web-socket", new WebSocketFrames(terms.counters));
        } catch (WebSocketHandshakeException noHandshake) {
            refuse(ctx, new Refusal(HttpResponseStatus.BAD_REQUEST, String.valueOf(noHandshake.getMessage())));
        }
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        terms.counters.count(Counter.CONNECTIONS_REFUSED);
        ViolationLog.log(ctx.channel(), "", ReasonCode.PROTOCOL_ERROR, refusal.status + ": " + refusal.detail);
        ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), refusal.status.reasonPhrase() + "\n");
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status, body);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal.status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            answer.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        }
        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
