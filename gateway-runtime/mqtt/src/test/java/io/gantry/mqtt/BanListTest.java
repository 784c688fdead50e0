// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import java.time.Clock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The list of bans")
class BanListTest {
    private static final int MOST = 10_000;
    private static final long MINUTE = 60_000;

    private final BanList bans = new BanList(Clock.systemUTC());

    @Test
    @DisplayName(
            "cannot be filled by who guesses from very many addresses: the oldest ban made by itself gives way (B19)")
    void manyAddresses() {
        for (int i = 0; i < MOST; i++) {
            bans.addAutomatically(subject(network(i)), MINUTE + i);
        }

        bans.add(new Subject(Kind.USERNAME, "ann"), Ban.WITHOUT_END);
        bans.addAutomatically(subject(network(MOST)), MINUTE);

        assertThat(bans.isAnyBanned(network(MOST).first(), "c", null)).isTrue();
        assertThat(bans.isAnyBanned(network(MOST + 1).first(), "c", "ann")).isTrue();
        assertThat(bans.list()).hasSize(MOST);
    }

    @Test
    @DisplayName("is full when somebody has banned as many as there may be")
    void full() {
        for (int i = 0; i < MOST; i++) {
            bans.add(new Subject(Kind.CLIENT_ID, "c" + i), Ban.WITHOUT_END);
        }

        assertThatThrownBy(() -> bans.add(new Subject(Kind.USERNAME, "ann"), Ban.WITHOUT_END))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("as many bans as there may be: 10000");
        bans.add(new Subject(Kind.CLIENT_ID, "c7"), System.currentTimeMillis() + MINUTE);
        bans.addAutomatically(subject(network(1)), MINUTE);
        assertThat(bans.isBanned(network(1))).isFalse();
    }

    @Test
    @DisplayName("keeps a ban that somebody has made when the gateway would ban for less long")
    void keepsTheLonger() {
        Subject address = new Subject(Kind.ADDRESS, "192.0.2.1");
        bans.add(address, Ban.WITHOUT_END);

        bans.addAutomatically(address, MINUTE);

        assertThat(bans.list()).singleElement().returns(Ban.WITHOUT_END, Ban::untilMillis);
    }

    private static Subject subject(AddressBlock address) {
        return new Subject(Kind.ADDRESS, address.toString());
    }

    private static AddressBlock network(int number) {
        return AddressBlock.fromText("2001:db8:0:" + Integer.toHexString(number) + "::");
    }
}
