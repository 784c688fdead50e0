// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.jspecify.annotations.Nullable;

/** Californium's clients, for those who call a gateway in tests. */
final class CoapCallers implements AutoCloseable {
    private final List<CoapEndpoint> opened = new ArrayList<>();
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(2);

    /** One without DTLS. */
    CoapEndpoint plain() throws Exception {
        Configuration configuration = configuration();
        return open(
                configuration,
                new UDPConnector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), configuration));
    }

    CoapEndpoint withKey(String identity, String key) throws Exception {
        return byDtls(builder -> builder.setAdvancedPskStore(
                new AdvancedSinglePskStore(identity, key.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * One that trusts everybody.
     *
     * @param shown its certificate; null for none
     */
    CoapEndpoint withCertificate(@Nullable Identity shown) throws Exception {
        KeyStore own = shown == null
                ? null
                : KeyStore.getInstance(shown.store().toFile(), TestCertificates.PASSWORD.toCharArray());
        String alias = own == null ? "" : own.aliases().nextElement();
        PrivateKey key = own == null ? null : (PrivateKey) own.getKey(alias, TestCertificates.PASSWORD.toCharArray());
        return byDtls(builder -> {
            builder.setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustAllCertificates()
                    .setSupportedCertificateTypes(List.of(CertificateType.X_509))
                    .build());
            try {
                return own == null
                        ? builder
                        : builder.setCertificateIdentityProvider(
                                new SingleCertificateProvider(key, own.getCertificateChain(alias)));
            } catch (KeyStoreException bug) {
                throw new IllegalStateException(bug);
            }
        });
    }

    private CoapEndpoint byDtls(UnaryOperator<DtlsConnectorConfig.Builder> keys) throws Exception {
        Configuration configuration = configuration().set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
        DtlsConnectorConfig.Builder builder = DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return open(configuration, new DTLSConnector(keys.apply(builder).build()));
    }

    private static Configuration configuration() {
        return new Configuration(
                SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS);
    }

    private CoapEndpoint open(Configuration configuration, Connector connector) throws Exception {
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(connector)
                .build();
        endpoint.setExecutors(threads, threads);
        endpoint.start();
        opened.add(endpoint);
        return endpoint;
    }

    /** With {@code 21.5} in all but a GET. */
    static Request request(int port, Code code, String path) {
        Request request = new Request(code);
        List.of(path.split("/")).forEach(request.getOptions()::addUriPath);
        if (code != Code.GET) {
            request.setPayload("21.5");
        }
        request.setDestinationContext(
                new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        return request;
    }

    static CompletableFuture<Response> send(CoapEndpoint by, Request request) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                answer.complete(response);
            }
        });
        by.sendRequest(request);
        return answer;
    }

    /** The code of the answer. */
    static String call(CoapEndpoint by, Request request) throws Exception {
        return send(by, request).get(Patience.SECONDS, TimeUnit.SECONDS).getCode().text;
    }

    @Override
    public void close() {
        opened.forEach(CoapEndpoint::destroy);
        threads.shutdownNow();
    }
}
