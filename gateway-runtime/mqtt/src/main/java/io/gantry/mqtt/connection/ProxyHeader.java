// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Predicate;

/**
 * Takes the header of the PROXY protocol, version 1 or 2, from the beginning of a connection of a trusted proxy, and leaves.
 * The connection is from then on that of the address in it; of one without an address, as of the proxy's own health checks,
 * it stays the proxy's. Anything else closes it, the header's absence too; the deadline of CONNECT runs from the start.
 */
public final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private static final int MOST_EXTENSION_BYTES = 1_024;

    private final Terms terms;
    private boolean refused;

    /** Waits for the rest of nothing that cannot become a header. */
    private static final class Decoder extends HAProxyMessageDecoder {
        private boolean begun;

        Decoder() {
            super(MOST_EXTENSION_BYTES);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object read) throws Exception {
            boolean first = !begun && read instanceof ByteBuf bytes && bytes.isReadable();
            if (first && !isBeginning((ByteBuf) read)) {
                ReferenceCountUtil.release(read);
                ctx.fireExceptionCaught(new HAProxyProtocolException("begins otherwise"));
                return;
            }
            begun |= first;
            super.channelRead(ctx, read);
        }

        private static boolean isBeginning(ByteBuf bytes) {
            byte first = bytes.getByte(bytes.readerIndex());
            return first == 'P' || first == '\r';
        }
    }

    /**
     * What a listener grants.
     *
     * @param admits decides by the address of a connection, once that is known
     */
    public record Terms(TrustedProxies trusted, Predicate<Channel> admits, Counters counters) {}

    private ProxyHeader(Terms terms) {
        this.terms = terms;
    }

    /** Before all that looks at what the device itself sends. */
    public static void addTo(ChannelPipeline pipeline, Terms terms) {
        pipeline.addLast("proxy-decoder", new Decoder());
        pipeline.addLast("proxy-header", new ProxyHeader(terms));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!terms.trusted.include(ctx.channel().remoteAddress())) {
            refuse(ctx, "not from one of trusted-proxies");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (!(read instanceof HAProxyMessage header)) {
            ctx.fireChannelRead(read);
            return;
        }
        try {
            onHeader(ctx, header);
        } finally {
            header.release();
        }
    }

    private void onHeader(ChannelHandlerContext ctx, HAProxyMessage header) {
        if (header.tlvs().stream().anyMatch(ProxyHeader::isBroken)) {
            refuse(ctx, "control characters in the PROXY header");
            return;
        }
        String source = header.command() == HAProxyCommand.PROXY ? header.sourceAddress() : null;
        InetAddress address = source == null ? null : NetUtil.createInetAddressFromIpAddressString(source);
        if (address != null) {
            Peer.isBehindProxy(ctx.channel(), new InetSocketAddress(address, header.sourcePort()));
        }
        if (terms.admits.test(ctx.channel())) {
            ctx.pipeline().remove(this);
        } else {
            ctx.close();
        }
    }

    /** We use none of the extensions; a host name with such characters is an attack on whoever does. */
    private static boolean isBroken(HAProxyTLV extension) {
        ByteBuf content = extension.content();
        return extension.type() == HAProxyTLV.Type.PP2_TYPE_AUTHORITY
                && content.forEachByte(each -> each < 0 || (each >= 0x20 && each != 0x7F)) >= 0;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException) {
            refuse(ctx, "no PROXY header: " + cause.getMessage());
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void refuse(ChannelHandlerContext ctx, String detail) {
        if (refused) {
            return;
        }
        refused = true;
        terms.counters.count(Counter.PROXY_HEADERS_REFUSED);
        terms.counters.count(Counter.CONNECTIONS_REFUSED);
        ViolationLog.log(ctx.channel(), "", ReasonCode.NOT_AUTHORIZED, detail);
        ctx.close();
    }
}
