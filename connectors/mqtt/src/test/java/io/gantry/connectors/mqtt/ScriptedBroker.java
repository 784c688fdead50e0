// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A broker of plain sockets that answers each packet with the bytes that a test says. */
final class ScriptedBroker implements AutoCloseable {

    /** What to answer. */
    @FunctionalInterface
    interface Script {
        /**
         * Answers a packet.
         *
         * @param type its number, 1 for CONNECT
         * @param body what stands behind the fixed header
         * @return bytes in hexadecimal digits; empty for none
         */
        String answer(int type, byte[] body);
    }

    /** A CONNACK of MQTT 5 that accepts, with a Receive Maximum of 100. */
    static final String ACCEPTED = "20060000" + "03210064";

    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket socket;
    private final Script script;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    private ScriptedBroker(Script script) {
        this.script = script;
        try {
            this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        daemon(this::accept);
    }

    static ScriptedBroker start(Script script) {
        return new ScriptedBroker(script);
    }

    /** Answers CONNECT so, and nothing else. */
    static ScriptedBroker connAck(String bytes) {
        return start((type, body) -> type == 1 ? bytes : "");
    }

    String url() {
        return "mqtt://127.0.0.1:" + socket.getLocalPort();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-broker");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                connections.incrementAndGet();
                daemon(() -> converse(client));
            } catch (SocketException closed) {
                return;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private void converse(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                int first = in.readUnsignedByte();
                byte[] body = new byte[length(in)];
                in.readFully(body);
                String answer = script.answer(first >> 4, body);
                out.write(HexFormat.of().parseHex(answer));
                out.flush();
            }
        } catch (EOFException | SocketException gone) {
            open.remove(client);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int octet = in.readUnsignedByte();
            length |= (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return length;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
