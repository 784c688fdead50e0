// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the CoAP connector counts")
class LimitsTest {

    @Test
    @DisplayName("message ids of a socket are used once, and again when a server has forgotten them all")
    void messageIds() {
        MessageIds ids = new MessageIds();

        assertThat(ids.take(MessageIds.MOST, 1)).isTrue();
        assertThat(ids.take(1, MessageIds.REMEMBERED_NANOS)).isFalse();
        assertThat(ids.take(1, MessageIds.REMEMBERED_NANOS + 2)).isTrue();
        assertThat(ids.take(MessageIds.MOST, MessageIds.REMEMBERED_NANOS + 3)).isFalse();
        assertThat(new MessageIds().take(2 * MessageIds.MOST, 1))
                .as("one that needs more than there are")
                .isTrue();
    }

    @Test
    @DisplayName("sockets are opened as message ids are used up, and no more than 32")
    void sockets() throws IOException {
        Configuration configuration =
                Configurations.ofTarget(Settings.url("coap://127.0.0.1").endpoint());
        ScheduledThreadPoolExecutor threads = Threads.of(1, "sockets");
        try (Sockets sockets = new Sockets(configuration, Sockets.plain(configuration), threads, threads, () -> {})) {
            for (int i = 0; i < 32; i++) {
                sockets.take(MessageIds.MOST);
                assertThat(sockets.count()).isEqualTo(i + 1);
            }

            assertThatThrownBy(() -> sockets.take(1)).hasMessage("all message ids are in use");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("a gate lets so many in, and others in their order when those leave; too many are refused")
    void gate() {
        Gate gate = new Gate(2, 2, Runnable::run);
        List<Integer> entered = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            int number = i;
            gate.pass(() -> entered.add(number));
        }

        assertThatThrownBy(() -> gate.pass(() -> entered.add(5))).isInstanceOf(RejectedExecutionException.class);
        assertThat(entered).containsExactly(1, 2);
        gate.leave();
        assertThat(entered).containsExactly(1, 2, 3);
        gate.leave();
        gate.leave();
        gate.leave();
        gate.pass(() -> entered.add(6));
        assertThat(entered).containsExactly(1, 2, 3, 4, 6);
    }

    @Test
    @DisplayName("requests are known again until there are too many, when the oldest is forgotten")
    void recentRequests() {
        RecentRequests recent = new RecentRequests(2, Long.MAX_VALUE);
        Exchange first = exchange();

        assertThat(recent.findPrevious(key(1), first)).isNull();
        assertThat(recent.findPrevious(key(1), exchange())).isSameAs(first);
        assertThat(recent.findPrevious(key(2), exchange())).isNull();
        assertThat(recent.findPrevious(key(3), exchange())).isNull();
        assertThat(recent.size()).isEqualTo(2);
        assertThat(recent.findPrevious(key(1), exchange())).isNull();
        recent.clear();
        assertThat(recent.isEmpty()).isTrue();
    }

    private static KeyMID key(int id) {
        return new KeyMID(id, "peer");
    }

    private static Exchange exchange() {
        Request request = new Request(Code.GET);
        return new Exchange(request, "peer", Exchange.Origin.REMOTE, null);
    }

    @Test
    @DisplayName("a name is looked up once, and again when it was forgotten; an address never is")
    void lookup() {
        AtomicInteger lookups = new AtomicInteger();
        HostLookup.Names names = host -> {
            if (lookups.incrementAndGet() == 2) {
                throw new UnknownHostException(host);
            }
            return InetAddress.getLoopbackAddress();
        };
        try (HostLookup lookup = new HostLookup("coap", CoapAddress.ofTarget("coap://name.example:7"), names)) {
            assertThat(address(lookup)).isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7));
            assertThat(address(lookup)).isNotNull();
            assertThat(lookups).hasValue(1);
            lookup.forget();
            assertThat(address(lookup)).isNull();
            assertThat(address(lookup)).isNotNull();
            assertThat(lookups).hasValue(3);
        }
    }

    private static @Nullable InetSocketAddress address(HostLookup lookup) {
        CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
        lookup.withAddress(address -> found.complete(address == null ? List.of() : List.of(address)));
        List<InetSocketAddress> addresses = Harness.answerOf(found);
        return addresses.isEmpty() ? null : addresses.get(0);
    }

    @Test
    @DisplayName("options that are not name=value are left out, and no more than 64 are read")
    void options() {
        OptionSet options = new OptionSet();
        for (String text : List.of("=x", "novalue", "a=%", "a=%4", "a=%zz", "b=%C3%A4", "c=", "d=x=y")) {
            options.addOption(Caller.option(text));
        }
        assertThat(MessageOptions.read(options))
                .containsExactly(new UserProperty("b", "ä"), new UserProperty("c", ""), new UserProperty("d", "x=y"));

        for (int i = 0; i < 100; i++) {
            options.addOption(Caller.option("n" + i + "=x"));
        }
        assertThat(MessageOptions.read(options)).hasSize(64);
    }

    @Test
    @DisplayName("content types have the numbers of the registry, however they are spelt")
    void contentFormats() {
        assertThat(ContentFormats.numberOf("Application/JSON")).isEqualTo(50);
        assertThat(ContentFormats.numberOf("text/plain; charset=UTF-8")).isEqualTo(0);
        assertThat(ContentFormats.numberOf("text/plain")).isEqualTo(0);
        assertThat(ContentFormats.numberOf("text/html")).isNull();
        assertThat(ContentFormats.typeOf(60)).isEqualTo("application/cbor");
        assertThat(ContentFormats.typeOf(65_000)).isNull();
    }

    @Test
    @DisplayName("datagrams are dropped, and counted, while too many wait to be looked at")
    void inflow() {
        EventCounts<EndpointEvent> counts = new EventCounts<>(EnumSet.of(EndpointEvent.DROPPED));
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        Inflow inflow = new Inflow(waiting::get, counts);
        RawDataChannel channel = inflow.before(datagram -> passed.incrementAndGet());
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);
        RawData datagram = RawData.inbound(new byte[1], new AddressEndpointContext(peer), false, 0, peer);

        channel.receiveData(datagram);
        waiting.set(10_000);
        channel.receiveData(datagram);
        waiting.set(1);
        channel.receiveData(datagram);

        assertThat(passed).hasValue(2);
        assertThat(counts.now()).containsExactly(Map.entry("dropped", 1L));
    }
}
