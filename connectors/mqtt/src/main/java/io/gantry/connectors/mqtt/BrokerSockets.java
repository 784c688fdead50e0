// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Makes the sockets of one connection for Paho, which asks for one without an address. */
final class BrokerSockets extends SocketFactory {
    private final Broker broker;
    private final BrokerUrl url;

    BrokerSockets(Broker broker, BrokerUrl url) {
        this.broker = broker;
        this.url = url;
    }

    @Override
    public Socket createSocket() {
        return new BrokerSocket(broker, url);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localAddress, int localPort) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("not needed by Paho");
    }

    /** As Paho writes a url whose TLS is not its own. */
    static String uri(BrokerUrl url) {
        return (url.webSocket() ? "ws://" : "tcp://") + url.host() + ":" + url.port() + url.path();
    }
}
