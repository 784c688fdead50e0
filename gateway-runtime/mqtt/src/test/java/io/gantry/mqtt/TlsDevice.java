// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A device on a socket of the JDK's TLS, that sends bytes. */
final class TlsDevice implements AutoCloseable {
    private final SSLSocket socket;

    private TlsDevice(SSLSocket socket) {
        this.socket = socket;
    }

    /** Connects, and shakes hands. */
    static TlsDevice of(InetSocketAddress address, SSLContext tls, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(address.getAddress(), address.getPort());
        socket.setSoTimeout(120_000);
        socket.setEnabledProtocols(new String[] {protocol});
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"x-mqtt-of-tomorrow", "mqtt"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new TlsDevice(socket);
    }

    /** Sends a CONNECT with this Client Identifier. */
    TlsDevice connects(int level, String clientId) throws IOException {
        byte[] name = clientId.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        int properties = level == 5 ? 1 : 0;
        packet.write(new byte[] {0x10, (byte) (12 + properties + name.length), 0, 4, 'M', 'Q', 'T', 'T'});
        packet.write(new byte[] {(byte) level, 2, 0, 0});
        packet.write(new byte[properties]);
        packet.write(new byte[] {0, (byte) name.length});
        packet.write(name);
        socket.getOutputStream().write(packet.toByteArray());
        return this;
    }

    /** Reads a packet; empty at the end. */
    byte[] hears() throws IOException {
        byte[] header = socket.getInputStream().readNBytes(2);
        return header.length < 2 ? new byte[0] : socket.getInputStream().readNBytes(header[1]);
    }

    /** Sends a PINGREQ, and hears whether it is answered. */
    boolean isServed() throws IOException {
        sends(0xC0, 0);
        return socket.getInputStream().read() == 0xD0 && socket.getInputStream().read() == 0;
    }

    void sends(int... bytes) throws IOException {
        byte[] packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        socket.getOutputStream().write(packet);
    }

    X509Certificate shown() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    SSLSocket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
