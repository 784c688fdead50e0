// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX500NameUtil;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority's answers to whether a certificate is revoked (OCSP), over HTTP. */
public final class TestResponder implements AutoCloseable {
    private final TestCertificates authority;
    private final HttpServer http;
    private final Set<TestCertificates.Identity> revoked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();

    private TestResponder(TestCertificates authority) throws IOException {
        this.authority = authority;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    /** Answers for an authority, on a free port, until it is closed. */
    public static TestResponder of(TestCertificates authority) throws IOException {
        return new TestResponder(authority);
    }

    public String url() {
        return "http://" + http.getAddress().getHostString() + ":"
                + http.getAddress().getPort() + "/";
    }

    /** From now on, it is revoked. */
    public void revoke(TestCertificates.Identity identity) {
        revoked.add(identity);
    }

    /** How often it was asked. */
    public int asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        try (exchange) {
            byte[] answer = answerTo(new OCSPReq(question(exchange)));
            exchange.getResponseHeaders().add("Content-Type", "application/ocsp-response");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (OCSPException | OperatorCreationException bug) {
            throw new IOException(bug);
        }
    }

    /** In the body, or, when it is short, in the path. */
    private static byte[] question(HttpExchange exchange) throws IOException {
        return exchange.getRequestMethod().equals("GET")
                ? Base64.getDecoder().decode(exchange.getRequestURI().getPath().substring(1))
                : exchange.getRequestBody().readAllBytes();
    }

    private byte[] answerTo(OCSPReq request) throws OCSPException, OperatorCreationException, IOException {
        BasicOCSPRespBuilder answers =
                new BasicOCSPRespBuilder(new RespID(JcaX500NameUtil.getSubject(authority.certificate())));
        for (Req one : request.getRequestList()) {
            answers.addResponse(one.getCertID(), statusOf(one));
        }
        BasicOCSPResp signed = answers.build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(authority.keys().getPrivate()),
                new X509CertificateHolder[0],
                new Date());
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, signed).getEncoded();
    }

    private @Nullable CertificateStatus statusOf(Req one) {
        boolean isRevoked = revoked.stream()
                .map(TestCertificates::certificateOf)
                .anyMatch(certificate ->
                        certificate.getSerialNumber().equals(one.getCertID().getSerialNumber()));
        return isRevoked
                ? new RevokedStatus(Date.from(Instant.now().minusSeconds(60)), CRLReason.unspecified)
                : CertificateStatus.GOOD;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
