// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.engine.Collector;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Endpoint;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.message.Message;

/** Speaks AMQP 1.0 over TCP by the protocol engine of Qpid, and answers each message as a test wants it. */
final class ScriptedBroker implements AutoCloseable {
    private static final int TURN_MILLIS = 20;

    /** The message ids of what has come, in order. */
    final List<String> ids = new CopyOnWriteArrayList<>();

    final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket listening;
    private final Script script;
    private volatile int credit;
    private volatile int maxFrameSize;

    /** What to do with a message. */
    @FunctionalInterface
    interface Script {

        /**
         * A message has come.
         *
         * @param number of it, from 1
         */
        void on(int number, Receiver link, Delivery delivery);
    }

    ScriptedBroker(int credit, Script script) {
        this(onFreePort(), credit, script);
    }

    /** On a socket of the test's making, such as one that speaks TLS. */
    ScriptedBroker(ServerSocket listening, int credit, Script script) {
        this.listening = listening;
        this.credit = credit;
        this.script = script;
        Thread thread = new Thread(this::accept, "scripted-broker");
        thread.setDaemon(true);
        thread.start();
    }

    private static ServerSocket onFreePort() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    String url() {
        return "amqp://127.0.0.1:" + port();
    }

    /** From now on links are given so much. */
    void credit(int messages) {
        credit = messages;
    }

    /** From now on connections are told that no frame may have more bytes. */
    void maxFrameSize(int bytes) {
        maxFrameSize = bytes;
    }

    /** Sends bytes of the test's making, whatever AMQP says of them. */
    static void send(Link link, byte[] bytes) {
        link.getSession().getConnection().setContext(bytes);
    }

    static void settle(Delivery delivery, DeliveryState outcome) {
        delivery.disposition(outcome);
        delivery.settle();
    }

    static void close(Endpoint endpoint, String condition) {
        close(endpoint, condition, Map.of());
    }

    /** @param info for the client, as where to go instead */
    static void close(Endpoint endpoint, String condition, Map<Symbol, Object> info) {
        ErrorCondition why = new ErrorCondition(Symbol.valueOf(condition), "as the test wants it");
        why.setInfo(info);
        endpoint.setCondition(why);
        endpoint.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                Thread thread = new Thread(() -> serve(socket), "scripted-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (socket instanceof SSLSocket secure) {
                // A handshake does not survive a turn without bytes.
                secure.startHandshake();
            }
            socket.setSoTimeout(TURN_MILLIS);
            Connection connection = Proton.connection();
            Collector collector = Proton.collector();
            connection.collect(collector);
            Transport transport = Proton.transport();
            if (maxFrameSize > 0) {
                transport.setMaxFrameSize(maxFrameSize);
            }
            Sasl sasl = transport.sasl();
            sasl.server();
            sasl.setMechanisms("ANONYMOUS");
            transport.bind(connection);
            byte[] bytes = new byte[8_192];
            while (!listening.isClosed() && write(socket, transport) && read(socket, transport, bytes)) {
                if (sasl.getState() == Sasl.SaslState.PN_SASL_STEP && sasl.getRemoteMechanisms().length > 0) {
                    sasl.done(Sasl.SaslOutcome.PN_SASL_OK);
                }
                for (Event event = collector.peek(); event != null; event = collector.peek()) {
                    on(event);
                    collector.pop();
                }
                if (connection.getContext() instanceof byte[] bytesOfTheTest) {
                    connection.setContext(null);
                    socket.getOutputStream().write(bytesOfTheTest);
                }
            }
        } catch (IOException gone) {
            // The gateway has closed its connection, or the test this broker.
        }
    }

    private static boolean write(Socket socket, Transport transport) throws IOException {
        for (int pending = transport.pending(); pending > 0; pending = transport.pending()) {
            byte[] out = new byte[pending];
            transport.head().get(out);
            transport.pop(pending);
            socket.getOutputStream().write(out);
        }
        return transport.pending() >= 0;
    }

    private static boolean read(Socket socket, Transport transport, byte[] bytes) throws IOException {
        try {
            int length = socket.getInputStream().read(bytes, 0, Math.min(bytes.length, transport.capacity()));
            if (length < 0) {
                return false;
            }
            transport.tail().put(ByteBuffer.wrap(bytes, 0, length));
            transport.process();
        } catch (SocketTimeoutException nothing) {
            // Time to look for what there is to be written.
        }
        return true;
    }

    private void on(Event event) {
        switch (event.getType()) {
            case CONNECTION_REMOTE_OPEN -> event.getConnection().open();
            case SESSION_REMOTE_OPEN -> event.getSession().open();
            case LINK_REMOTE_OPEN -> open(event.getLink());
            case LINK_REMOTE_CLOSE, LINK_REMOTE_DETACH -> event.getLink().close();
            case SESSION_REMOTE_CLOSE -> event.getSession().close();
            case CONNECTION_REMOTE_CLOSE -> event.getConnection().close();
            case DELIVERY -> delivery(event.getDelivery());
            default -> {
                // Nothing that a test is about.
            }
        }
    }

    private void open(Link link) {
        link.setSource(link.getRemoteSource());
        link.setTarget(link.getRemoteTarget());
        link.open();
        if (link instanceof Receiver receiver && credit > 0) {
            receiver.flow(credit);
        }
    }

    private void delivery(Delivery delivery) {
        if (delivery.getLink() instanceof Receiver receiver
                && delivery.isReadable()
                && !delivery.isPartial()
                && receiver.getLocalState() == EndpointState.ACTIVE) {
            byte[] encoded = new byte[delivery.pending()];
            int length = receiver.recv(encoded, 0, encoded.length);
            receiver.advance();
            Message message = Proton.message();
            message.decode(encoded, 0, length);
            ids.add(String.valueOf(message.getMessageId()));
            script.on(ids.size(), receiver, delivery);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
