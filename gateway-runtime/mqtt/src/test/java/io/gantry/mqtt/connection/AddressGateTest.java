// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.AddressBlock;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A connection, when it is accepted,")
class AddressGateTest {
    private static final long SECOND = 1_000_000_000L;

    private final Counters counters = new Counters();
    private final BanList bans = new BanList(Clock.systemUTC());

    private AddressGate gate(int perSecond, int mostPerAddress) {
        return new AddressGate(bans, perSecond, new ConnectionLimit(100, mostPerAddress, counters), counters);
    }

    /** From an address, so long after the others. */
    private static EmbeddedChannel from(String address, long millis) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 50_000);
            }
        };
        channel.freezeTime();
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        return channel;
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1,192.0.2.1,192.0.2.2", "2001:db8::1,2001:db8::ffff:1,2001:db8:0:1::1"})
    @DisplayName(
            "is refused from a banned address, of IPv6 from anywhere in its network of 64 bits; from another it is not")
    void banned(String named, String same, String other) {
        AddressGate gate = gate(0, 10);
        bans.add(new Subject(Kind.ADDRESS, named), Ban.WITHOUT_END);

        assertThat(gate.admits(from(same, 0))).isFalse();
        assertThat(gate.admits(from(other, 0))).isTrue();

        assertThat(counters.of(Counter.CONNECTS_BANNED)).isOne();
        assertThat(counters.of(Counter.CONNECTIONS_REFUSED)).isOne();
        assertThat(bans.remove(new Subject(Kind.ADDRESS, same))).isTrue();
        assertThat(gate.admits(from(named, 0))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1,192.0.2.1,192.0.2.2", "2001:db8::1,2001:db8::ffff:1,2001:db8:0:1::1"})
    @DisplayName(
            "is refused when more come from its address in a second than may; however many were refused, later ones are"
                    + " not [A37]")
    void rate(String first, String same, String other) {
        AddressGate gate = gate(2, 100);
        assertThat(gate.admits(from(first, 0))).isTrue();
        assertThat(gate.admits(from(same, 0))).isTrue();

        for (int i = 0; i < 50; i++) {
            assertThat(gate.admits(from(same, 100))).isFalse();
        }
        assertThat(gate.admits(from(other, 100))).isTrue();

        assertThat(counters.of(Counter.ADDRESS_ACCEPT_RATE_EXCEEDED)).isEqualTo(50);
        assertThat(counters.of(Counter.CONNECTIONS_REFUSED)).isEqualTo(50);
        assertThat(gate.admits(from(same, 700))).isTrue();
        assertThat(gate.admits(from(same, 700))).isFalse();
    }

    @Test
    @DisplayName("is refused when as many of its network of IPv6 are open as may")
    void limit() {
        AddressGate gate = gate(0, 1);

        assertThat(gate.admits(from("2001:db8::1", 0))).isTrue();
        assertThat(gate.admits(from("2001:db8::2", 0))).isFalse();
        assertThat(gate.admits(from("2001:db8:0:1::2", 0))).isTrue();
    }

    @Test
    @DisplayName("does not make the gateway remember more than ten thousand addresses; those seen last are kept")
    void bounded() throws UnknownHostException {
        AddressRates rates = new AddressRates(1);
        SharedBucket first = rates.of(block(0), 0);
        SharedBucket second = rates.of(block(1), 0);
        for (int i = 2; i < 9_999; i++) {
            rates.of(block(i), 0);
        }
        SharedBucket last = rates.of(block(9_999), 0);
        assertThat(rates.of(block(0), 0)).isSameAs(first);

        rates.of(block(10_000), 0);

        assertThat(rates.of(block(0), 0)).isSameAs(first);
        assertThat(rates.of(block(1), 0)).isNotSameAs(second);
        assertThat(rates.of(block(9_999), 0)).isSameAs(last);
    }

    @Test
    @DisplayName("is counted for its address together with those that other threads take at the same moment")
    void together() throws Exception {
        int threads = 8;
        int addresses = 2_000;
        AddressRates rates = new AddressRates(threads / 2);
        AtomicIntegerArray taken = new AtomicIntegerArray(addresses);
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService loops = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(loops.submit(() -> {
                    start.await(2, TimeUnit.MINUTES);
                    for (int i = 0; i < addresses; i++) {
                        if (Objects.requireNonNull(rates.of(block(i), 0)).takes(0)) {
                            taken.incrementAndGet(i);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(2, TimeUnit.MINUTES);
            }
        } finally {
            loops.shutdownNow();
        }

        assertThat(IntStream.range(0, addresses).map(taken::get)).containsOnly(threads / 2);
    }

    @Test
    @DisplayName(
            "gets a share of its address's messages: all shares together are what may come in a second, and no more")
    void shares() throws UnknownHostException {
        AddressRates rates = new AddressRates(100_000);
        AddressShare one = new AddressShare(rates, block(1), 0);
        AddressShare other = new AddressShare(rates, block(1), 0);

        assertThat(taken(one, 50_000)).isEqualTo(50_000);
        assertThat(taken(other, 100_000)).isBetween(50_000 - 128, 50_000 + 128);

        assertThat(other.waitNanos(2 * SECOND)).isZero();
    }

    /** Messages until there is a wait, at most so many. */
    private static int taken(AddressShare share, int most) {
        int taken = 0;
        while (taken < most) {
            taken++;
            if (share.isEmptied() && share.waitNanos(0) > 0) {
                return taken;
            }
        }
        return taken;
    }

    private static AddressBlock block(int number) throws UnknownHostException {
        return new AddressBlock(
                InetAddress.getByAddress(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number}));
    }
}
