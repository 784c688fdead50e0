// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.connectors.spi.FollowedTls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What Paho takes for a plain socket: connects to the broker of the url, with TLS over it where the url says so. Paho's own
 * TLS sockets forget the protocols to offer (ALPN), since it sets parameters of its own on them.
 */
final class BrokerSocket extends Socket {
    private static final int READ_BUFFER = 1 << 16;

    private final Broker broker;
    private final BrokerUrl url;
    private @Nullable Socket connected;
    private @Nullable InputStream in;

    BrokerSocket(Broker broker, BrokerUrl url) {
        this.broker = broker;
        this.url = url;
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        connect(address, 0);
    }

    /** To the host of the url, whatever the address; each step may take the broker's connect-timeout. */
    @Override
    public void connect(SocketAddress address, int anyTimeout) throws IOException {
        int timeout = (int) broker.connectTimeout().toMillis();
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(url.hostName(), url.port()), timeout);
            FollowedTls tls = broker.tls();
            if (url.secure() && tls != null) {
                socket.setSoTimeout(timeout);
                socket = secured(socket, tls.context(), url, broker.alpn());
                socket.setSoTimeout(0);
            }
            in = new BufferedInputStream(socket.getInputStream(), READ_BUFFER);
            connected = socket;
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The certificate is checked, and that it is the host's. */
    private static Socket secured(Socket plain, SSLContext tls, BrokerUrl url, List<String> alpn) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, url.hostName(), url.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(alpn.toArray(new String[0]));
        if (isName(url.hostName())) {
            parameters.setServerNames(List.of(new SNIHostName(url.hostName())));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Not an address: those are not sent as Server Name Indication. */
    private static boolean isName(String host) {
        return host.indexOf(':') < 0 && !host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private Socket connected() throws SocketException {
        if (connected == null) {
            throw new SocketException("not connected");
        }
        return connected;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        connected();
        if (in == null) {
            throw new SocketException("not connected");
        }
        return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return connected().getOutputStream();
    }

    /** Paho would look for something to do each second; closing the socket ends the reading as well. */
    @Override
    public void setSoTimeout(int timeout) {
        // Reading waits until something comes.
        return;
    }

    @Override
    public boolean isConnected() {
        return connected != null;
    }

    @Override
    public boolean isClosed() {
        return connected != null && connected.isClosed();
    }

    @Override
    public void shutdownInput() throws IOException {
        connected().shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        connected().shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        if (connected != null) {
            connected.close();
        }
    }
}
