// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings as the YAML would give them, with its defaults but for shorter waits. */
record Settings(
        @Nullable String url,
        @Nullable CoapListen listen,
        @Nullable String topics,
        @Nullable String identity,
        @Nullable String psk,
        Map<String, String> clients,
        @Nullable TlsSettings tls,
        Duration ackTimeout,
        int maxRetransmit,
        Duration responseTimeout,
        int maxInFlight,
        int maxObservers,
        int maxRequests,
        int maxRemembered,
        String largest) {

    static Settings url(String url) {
        return new Settings(
                url,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                Duration.ofMillis(300),
                4,
                Duration.ofSeconds(30),
                16,
                1_000,
                1_000,
                50_000,
                "64KiB");
    }

    static Settings listen(String address) {
        return listen(new CoapListen(address, null, false, List.of(), false));
    }

    static Settings listen(CoapListen listen) {
        return new Settings(
                null,
                listen,
                null,
                null,
                null,
                Map.of(),
                null,
                Duration.ofMillis(300),
                4,
                Duration.ofSeconds(30),
                16,
                1_000,
                1_000,
                50_000,
                "64KiB");
    }

    Settings withTopics(String path) {
        return new Settings(
                url,
                listen,
                path,
                identity,
                psk,
                clients,
                tls,
                ackTimeout,
                maxRetransmit,
                responseTimeout,
                maxInFlight,
                maxObservers,
                maxRequests,
                maxRemembered,
                largest);
    }

    Settings withPsk(@Nullable String name, @Nullable String key) {
        return new Settings(
                url,
                listen,
                topics,
                name,
                key,
                clients,
                tls,
                ackTimeout,
                maxRetransmit,
                responseTimeout,
                maxInFlight,
                maxObservers,
                maxRequests,
                maxRemembered,
                largest);
    }

    Settings withClients(Map<String, String> keys) {
        return new Settings(
                url,
                listen,
                topics,
                identity,
                psk,
                keys,
                tls,
                ackTimeout,
                maxRetransmit,
                responseTimeout,
                maxInFlight,
                maxObservers,
                maxRequests,
                maxRemembered,
                largest);
    }

    Settings withTls(TlsSettings certificates) {
        return new Settings(
                url,
                listen,
                topics,
                identity,
                psk,
                clients,
                certificates,
                ackTimeout,
                maxRetransmit,
                responseTimeout,
                maxInFlight,
                maxObservers,
                maxRequests,
                maxRemembered,
                largest);
    }

    Settings withWaits(Duration ack, int retransmit, Duration response) {
        return new Settings(
                url,
                listen,
                topics,
                identity,
                psk,
                clients,
                tls,
                ack,
                retransmit,
                response,
                maxInFlight,
                maxObservers,
                maxRequests,
                maxRemembered,
                largest);
    }

    Settings withLimits(int inFlight, int observers, int requests, int remembered, String size) {
        return new Settings(
                url,
                listen,
                topics,
                identity,
                psk,
                clients,
                tls,
                ackTimeout,
                maxRetransmit,
                responseTimeout,
                inFlight,
                observers,
                requests,
                remembered,
                size);
    }

    CoapEndpointSettings endpoint() {
        Map<String, Secret> keys = new LinkedHashMap<>();
        clients.forEach((name, key) -> keys.put(name, new Secret(key)));
        return new CoapEndpointSettings(
                url,
                listen,
                topics,
                identity,
                psk == null ? null : new Secret(psk),
                keys,
                tls,
                ackTimeout,
                maxRetransmit,
                responseTimeout,
                maxInFlight,
                512,
                ByteSize.fromText(largest),
                ByteSize.fromText(largest),
                maxRequests,
                maxObservers,
                maxRemembered);
    }

    static CoapTo to(String path) {
        return to(path, CoapMethod.POST, Map.of(), false, false);
    }

    static CoapTo to(String path, CoapMethod method, Map<String, String> query, boolean properties, boolean reply) {
        Map<String, Template> templates = new LinkedHashMap<>();
        query.forEach((name, value) -> templates.put(name, Template.fromText(value)));
        return new CoapTo(
                Template.fromText(path), method, templates, CoapTo.Confirmable.BY_QOS, null, properties, reply, null);
    }

    static CoapFrom from(String path) {
        return from(path, false, false, Map.of());
    }

    static CoapFrom from(String path, boolean reply, boolean properties, Map<String, String> userProperties) {
        return new CoapFrom(
                path,
                List.of(CoapMethod.POST, CoapMethod.PUT),
                reply,
                Duration.ofSeconds(30),
                properties,
                userProperties);
    }
}
