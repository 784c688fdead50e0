// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.GuardedSettings;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code coap:} of an endpoint: either a CoAP server to send to, or an address to listen on. */
@Description(
        "A CoAP server (`url`), at which routes end; or an address to listen on (`listen`), where routes start and,"
                + " with `topics`, CoAP clients are devices. One of the two must be given.")
public record CoapEndpointSettings(
        @Description(
                "Where the server is, as `coap://host:port` or, by DTLS 1.2, `coaps://host:port`. What is sent to a"
                        + " `coaps` server is never sent without DTLS.")
        @Nullable String url,

        @Description("Where to listen: an address, or an address with certificates.") @Nullable CoapListen listen,

        @Description("Path below which the devices' topics are, such as `/ps`: POST and PUT publish, GET reads the"
                + " Retained Message, and with Observe what is published from then on. Left out, there are none. With"
                + " `listen`.")
        @Nullable String topics,

        @Description("The gateway's name at a `coaps` server that knows it by a shared key.") @Nullable String pskIdentity,

        @Description("The key shared with a `coaps` server: a text, or `hex:` and hexadecimal digits.") @Nullable Secret psk,

        @Description("Names of clients and the keys shared with them, as in `psk`; whoever has none of them is not let"
                + " in, but who shows a certificate. For listening on `coaps`. A client is a device under its name.")
        @DefaultValue("{}")
        Map<String, Secret> clients,

        @Description("Certificates for a `coaps` server, in place of a shared key. With `url`.") @Nullable TlsSettings tls,

        @Description(
                "How long an acknowledgement is waited for before a confirmable message is sent again; half as long"
                        + " again at random, and twice as long each time. 100ms to 1m.")
        @DefaultValue("2s")
        Duration ackTimeout,

        @Description("How often a confirmable message is sent again; 1 to 10.") @DefaultValue("4")
        int maxRetransmit,

        @Description("How long the server may take to answer a request that it has acknowledged. With `url`.")
        @DefaultValue("30s")
        Duration responseTimeout,

        @Description(
                "Most requests under way to the server at once (NSTART); 1 to 1000. RFC 7252 wants 1 on networks of"
                        + " which nothing is known. Up to 1000 more wait for them, further ones are unavailable. With `url`.")
        @DefaultValue("16")
        int maxInFlight,

        @Description("Size of a block: larger payloads go in several. 16, 32, 64, 128, 256, 512 or 1024.")
        @DefaultValue("512")
        int blockSize,

        @Description("Largest answer that is taken, of all its blocks. With `url`.") @DefaultValue("64KiB")
        ByteSize maxResponseSize,

        @Description(
                "Largest request that is taken, of all its blocks; larger ones are refused with 4.13. Up to 100 are"
                        + " put together from blocks at once. With `listen`.")
        @DefaultValue("64KiB")
        ByteSize maxRequestSize,

        @Description("Most requests that are not answered yet; further ones are refused with 5.03. With `listen`.")
        @DefaultValue("1000")
        int maxRequests,

        @Description("Most observations at once; further ones are refused with 5.03. 0 to 100000. With `listen`.")
        @DefaultValue("1000")
        int maxObservers,

        @Description("Most requests that are remembered, for 247 seconds at most, to know them again when they come"
                + " twice; the oldest are forgotten first. With `listen`.")
        @DefaultValue("50000")
        int maxRemembered)
        implements GuardedSettings {

    private static final Set<Integer> BLOCK_SIZES = Set.of(16, 32, 64, 128, 256, 512, 1_024);
    private static final long LARGEST_BODY = 16L << 20;

    public CoapEndpointSettings {
        if ((url == null) == (listen == null)) {
            throw new InvalidSettingException(
                    url == null ? "url" : "listen",
                    "must be given, or else the other of url"
                            + " and listen: an endpoint is a server to send to or an address to listen on");
        }
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
        if (url != null) {
            checkTarget(CoapAddress.ofTarget(url), topics, pskIdentity, psk, clients, tls);
        } else if (listen != null) {
            checkListener(listen, topics, pskIdentity, psk, clients, tls);
        }
        within("ack-timeout", ackTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        within("response-timeout", responseTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        within("max-retransmit", maxRetransmit, 1, 10);
        within("max-in-flight", maxInFlight, 1, 1_000);
        within("max-requests", maxRequests, 1, 100_000);
        within("max-observers", maxObservers, 0, 100_000);
        within("max-remembered", maxRemembered, 100, 10_000_000);
        if (!BLOCK_SIZES.contains(blockSize)) {
            throw new InvalidSettingException(
                    "block-size", "must be 16, 32, 64, 128, 256, 512 or 1024, was " + blockSize);
        }
        checkSize("max-response-size", maxResponseSize);
        checkSize("max-request-size", maxRequestSize);
    }

    @Override
    public boolean isUnderSecurity() {
        return listen != null && listen.security();
    }

    @Override
    public List<String> roles() {
        return listen == null ? List.of() : listen.role();
    }

    private static void checkTarget(
            CoapAddress address,
            @Nullable String topics,
            @Nullable String pskIdentity,
            @Nullable Secret psk,
            Map<String, Secret> clients,
            @Nullable TlsSettings tls) {
        refuse("topics", topics != null, "needs listen: topics are what CoAP clients of the gateway see");
        refuse("clients", !clients.isEmpty(), "needs listen on coaps; the key for a server is psk");
        refuse("psk", psk != null && !address.secure(), "needs a url that begins with coaps://");
        refuse("tls", tls != null && !address.secure(), "needs a url that begins with coaps://");
        refuse("psk", psk != null && tls != null, "must not be given together with tls");
        refuse(
                psk == null ? "psk" : "psk-identity",
                (psk == null) != (pskIdentity == null),
                "must be given: psk-identity and psk belong together");
        PreSharedKeys.check("psk-identity", pskIdentity);
        PreSharedKeys.check("psk", psk);
    }

    private static void checkListener(
            CoapListen listen,
            @Nullable String topics,
            @Nullable String pskIdentity,
            @Nullable Secret psk,
            Map<String, Secret> clients,
            @Nullable TlsSettings tls) {
        refuse("psk", psk != null || pskIdentity != null, "needs a url; the keys of those who call are clients");
        refuse("tls", tls != null, "needs a url; certificates for listening are listen: {address: …, tls: {…}}");
        boolean secure = listen.parsed().secure();
        refuse(
                "listen",
                listen.letsAnybodyIn(!clients.isEmpty())
                        && !listen.anonymous()
                        && !listen.parsed().isLoopback(),
                "must be a loopback address such as 127.0.0.1:5683, or coaps with clients or with tls that has a"
                        + " client-ca, or have security: true, or anonymous: true, was '" + listen.address() + "'");
        refuse(
                "listen",
                listen.anonymous() && !listen.letsAnybodyIn(!clients.isEmpty()),
                "must not be anonymous: true when callers must show who they are");
        refuse(
                "clients",
                clients.isEmpty() && !listen.role().isEmpty(),
                "must be given when listen has a role for them");
        refuse("clients", !clients.isEmpty() && !secure, "needs listen to begin with coaps://");
        refuse(
                "clients",
                clients.isEmpty() && secure && listen.tls() == null,
                "must name at least one client for coaps, or listen must have tls");
        clients.forEach((name, key) -> {
            PreSharedKeys.check("clients", name);
            PreSharedKeys.check("clients", key);
        });
        if (topics != null) {
            TopicPaths.parse(topics);
        }
    }

    private static void refuse(String key, boolean isWrong, String expected) {
        if (isWrong) {
            throw new InvalidSettingException(key, expected);
        }
    }

    private static void checkSize(String key, ByteSize size) {
        if (size.bytes() < 1 || size.bytes() > LARGEST_BODY) {
            throw new InvalidSettingException(key, "must be 1 to " + new ByteSize(LARGEST_BODY) + ", was " + size);
        }
    }
}
