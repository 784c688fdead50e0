// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.security.authentication.AuthenticatorChain.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The chain of authenticators")
class AuthenticatorChainTest {
    private final List<Link> links = new ArrayList<>();

    @Test
    @DisplayName("asks in order, and the first that knows the device decides")
    void order() {
        ask(answering(new Verdict.Unknown()));
        ask(answering(new Verdict.Accepted(Identity.named("second"))));
        ask(answering(new Verdict.Accepted(Identity.named("third"))));

        assertThat(Shown.accepted(chain(null), Shown.credentials("u", "p")).username())
                .isEqualTo("second");
    }

    @Test
    @DisplayName("ends with a refusal: nobody is asked after it")
    void refusalEnds() {
        ask(answering(new Verdict.Refused(ReasonCode.BANNED, "banned")));
        ask(answering(new Verdict.Accepted(Identity.named("second"))));

        assertThat(Shown.refused(chain(null), Shown.credentials("u", "p"))).isEqualTo(ReasonCode.BANNED);
    }

    @Test
    @DisplayName("refuses whom nobody knows: with 0x86 who sent a user name, with 0x87 who sent none")
    void unknown() {
        ask(answering(new Verdict.Unknown()));

        assertThat(Shown.refused(chain(null), Shown.credentials("u", "p")))
                .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(Shown.refused(chain(null), Shown.credentials("u", null)))
                .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(Shown.refused(chain(null), Shown.NOTHING)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName("[B20] refuses when an authenticator throws, fails or does not answer, whatever stands after it")
    void failsClosed() {
        List<Authenticator> broken = List.of(
                credentials -> {
                    throw new IllegalStateException("bug");
                },
                credentials -> CompletableFuture.failedFuture(new IllegalStateException("down")),
                credentials -> new CompletableFuture<>());
        for (Authenticator each : broken) {
            links.clear();
            ask(each);
            ask(answering(new Verdict.Accepted(Identity.named("second"))));

            assertThat(Shown.refused(chain(Identity.named(null)), Shown.NOTHING))
                    .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        }
    }

    @Test
    @DisplayName("lets in without a name only who shows nothing at all")
    void anonymous() {
        ask(answering(new Verdict.Unknown()));
        Authenticator chain = chain(AuthenticatorChain.anonymous(List.of("guest")));

        assertThat(Shown.accepted(chain, Shown.NOTHING))
                .returns(null, Identity::username)
                .returns(java.util.Set.of("guest"), Identity::roles);
        assertThat(Shown.refused(chain, Shown.credentials("", null))).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(Shown.refused(chain, Shown.credentials(null, "p"))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName(
            "lets everybody in when it is empty and nameless devices are let in, but takes no name that is not proved")
    void empty() {
        assertThat(Shown.accepted(chain(AuthenticatorChain.anonymous(List.of())), Shown.credentials("admin", "p"))
                        .username())
                .isNull();
        assertThat(Shown.refused(chain(null), Shown.NOTHING)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName(
            "[B18] [B9] refuses a password of more than 4096 bytes and a name with what cannot be seen, without asking anybody")
    void limits() {
        List<Credentials> asked = new ArrayList<>();
        ask(credentials -> {
            asked.add(credentials);
            return CompletableFuture.completedFuture(new Verdict.Unknown());
        });
        Authenticator chain = chain(null);

        for (Credentials bad : List.of(
                Shown.credentials("u", "x".repeat(4_097)),
                Shown.credentials("u", "x".repeat(60_000)),
                Shown.credentials("u\u202e", "x"),
                Shown.credentials("u\nadmin", "x"),
                Shown.credentials("u".repeat(1_025), "x"))) {
            assertThat(Shown.refused(chain, bad)).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }

        assertThat(asked).isEmpty();
        Shown.refused(chain, Shown.credentials("u", "x".repeat(4_096)));
        assertThat(asked).hasSize(1);
    }

    private void ask(Authenticator authenticator) {
        links.add(new Link("link-" + links.size(), authenticator));
    }

    private static Authenticator answering(Verdict verdict) {
        return credentials -> CompletableFuture.completedFuture(verdict);
    }

    private Authenticator chain(@Nullable Identity anonymous) {
        return new AuthenticatorChain(links, anonymous, Duration.ofMillis(300));
    }
}
