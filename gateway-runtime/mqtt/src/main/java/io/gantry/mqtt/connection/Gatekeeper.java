// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AccessControl;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.CallerBans;
import io.gantry.api.security.CallerGate;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.mqtt.AddressBlock;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.packet.Will;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.DeviceLog;
import io.gantry.mqtt.session.Home;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who is let in at the listeners of a server: who can prove who he is, is not banned, and may do what he asks for. Any thread. */
public final class Gatekeeper {
    private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Gatekeeping gates;
    private final Home.Shared shared;
    private final BanList bans;
    private final FailedLogins failures = new FailedLogins();
    private final Flapping flapping;

    /** Why a device is not let in; the detail is for the log. */
    record Refusal(ReasonCode reason, String detail) {}

    /** Nobody has failed yet. */
    public Gatekeeper(Gatekeeping gates, Home.Shared shared, BanList bans) {
        this.gates = gates;
        this.shared = shared;
        this.bans = bans;
        this.flapping = new Flapping(shared.limits().maxFlapsPerMinute());
    }

    /** Those who are not let in. */
    public BanList bans() {
        return bans;
    }

    Authenticator authenticator() {
        return gates.authenticator();
    }

    AccessControl access() {
        return gates.access();
    }

    /** The names of the Authentication Methods. */
    Set<String> methods() {
        return gates.methods().keySet();
    }

    @Nullable AuthenticationMethod method(@Nullable String name) {
        return name == null ? null : gates.methods().get(name);
    }

    /** Whether a device that names no Authentication Method has to prove its name. */
    boolean wantsProof() {
        return gates.authenticator() != Gatekeeping.OPEN.authenticator();
    }

    /** What endpoints ask about those who call them; null when everybody is let in as who he says he is. */
    public @Nullable CallerGate forCallers() {
        return wantsProof() ? new EndpointGate(this, shared.clock()) : null;
    }

    /** The bans, for endpoints that ask their callers something else, or nothing. */
    public CallerBans bansForCallers() {
        return new EndpointBans(this);
    }

    boolean isBanned(InetAddress address, String clientId, @Nullable String username) {
        boolean banned = bans.isAnyBanned(address, clientId, username);
        if (banned) {
            shared.counters().count(Counter.CONNECTS_BANNED);
        }
        return banned;
    }

    /**
     * A device is not let in.
     *
     * @return how long it is not told, in milliseconds: longer each time for who guesses
     */
    long failed(Credentials shown, ReasonCode reason) {
        return failed(shown.address(), shown.username(), reason);
    }

    /** As {@link #failed(Credentials, ReasonCode)}, where all that is known is who it says it is, or null for nobody. */
    long failed(InetAddress from, @Nullable String username, ReasonCode reason) {
        shared.counters().count(Counter.AUTHENTICATIONS_FAILED);
        if (reason != ReasonCode.BAD_USER_NAME_OR_PASSWORD && reason != ReasonCode.NOT_AUTHORIZED) {
            return 0;
        }
        AddressBlock address = new AddressBlock(from);
        FailedLogins.Consequence consequence =
                failures.failed(address, username, shared.clock().millis());
        int most = shared.limits().maxFailedLogins();
        if (most > 0 && consequence.fromAddress() >= most) {
            shared.counters().count(Counter.ADDRESSES_BANNED);
            failures.forget(address);
            long banMillis = shared.limits().failedLoginBan().toMillis();
            bans.addAutomatically(new Subject(Kind.ADDRESS, address.toString()), banMillis);
            DeviceLog.banned(address, banMillis);
        }
        return consequence.waitMillis();
    }

    /** A device is let in, under a name that it has chosen: if it is gone again at once, that counts. On the channel's thread. */
    void letIn(Channel channel, ClientId clientId) {
        AddressBlock address = Peer.block(channel);
        Ticker ticker = channel.eventLoop().ticker();
        long since = ticker.nanoTime();
        channel.closeFuture().addListener(closed -> {
            if (ticker.nanoTime() - since < AT_ONCE_NANOS) {
                flaps(address, clientId);
            }
        });
    }

    private void flaps(AddressBlock address, ClientId clientId) {
        Subject who = new Subject(Kind.CLIENT_AT_ADDRESS, clientId.value() + "@" + address);
        if (flapping.isExceededBy(who, shared.clock().millis())) {
            long banMillis = shared.limits().flappingBan().toMillis();
            shared.counters().count(Counter.FLAPPING_BANNED);
            bans.addAutomatically(who, banMillis);
            DeviceLog.flapping(who.value(), banMillis);
        }
    }

    /**
     * Why a device that is known is not let in all the same; null when it is. On its home's thread.
     *
     * @param isProved whether its name is more than what it says itself
     */
    @Nullable Refusal refusal(InetAddress from, Admission admission, Permissions permissions, Home home, boolean isProved) {
        Identity identity = admission.identity();
        Will will = admission.connect().will();
        if (isBanned(from, admission.clientId().value(), identity.username())) {
            return new Refusal(ReasonCode.BANNED, "on the ban list");
        } else if (isProved && home.isAnothers(admission.clientId(), identity.username())) {
            // before it counts as a connect, or another could have the owner kept out for connecting too often
            shared.counters().count(Counter.TAKE_OVERS_REFUSED);
            return new Refusal(ReasonCode.NOT_AUTHORIZED, "the session is that of another user");
        } else if (home.connectsTooOften(admission.clientId())) {
            shared.counters().count(Counter.CONNECT_RATE_EXCEEDED);
            flaps(new AddressBlock(from), admission.clientId());
            return new Refusal(ReasonCode.CONNECTION_RATE_EXCEEDED, "connects more often than max-connects-per-minute");
        } else if (identity.validUntilMillis() <= shared.clock().millis()) {
            shared.counters().count(Counter.AUTHENTICATIONS_ENDED);
            return new Refusal(ReasonCode.NOT_AUTHORIZED, "the proof of who it is has ended already");
        } else if (will != null
                && !permissions.mayPublish(will.topic(), will.properties().responseTopic())) {
            return new Refusal(ReasonCode.NOT_AUTHORIZED, "not allowed to publish its will");
        } else if (admission.expirySeconds() > 0 && !shared.store().takesNew()) {
            // its session could not be kept, and it must not believe that it is
            return new Refusal(ReasonCode.SERVER_UNAVAILABLE, "a session could not be stored now");
        }
        return null;
    }
}
