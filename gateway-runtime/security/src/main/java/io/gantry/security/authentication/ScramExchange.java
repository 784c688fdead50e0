// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod.Exchange;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One exchange [RFC 5802 §5 and §7]: the device's first message and its final one. It costs four HMACs, so nothing waits. */
final class ScramExchange implements Exchange {
    private static final int MOST_BYTES = 4_096;

    /** Channel binding that is asked for ({@code p}) does not match, nor do extensions that must be understood. */
    private static final Pattern FIRST = Pattern.compile(
            "([ny]),(?:a=([^,]*))?,(n=([^,]+),r=([\\x21-\\x2B\\x2D-\\x7E]{1,256})(?:,[A-Za-z]=[^,]*)*)");

    private static final Pattern FINAL = Pattern.compile(
            "(c=([A-Za-z0-9+/=]{1,5500}),r=([\\x21-\\x2B\\x2D-\\x7E]{1,600})(?:,[A-Za-z]=[^,]*)*),p=([A-Za-z0-9+/]{43}=)");

    private final ScramMethod method;
    private final Credentials claim;
    private @Nullable Begun begun;

    /**
     * What the final message is checked against.
     *
     * @param user null for one who is not in the file
     */
    private record Begun(
            @Nullable User<ScramKeys> user, ScramKeys keys, String header, String nonce, String firstMessages) {}

    ScramExchange(ScramMethod method, Credentials claim) {
        this.method = method;
        this.claim = claim;
    }

    @Override
    public CompletionStage<Outcome> next(@Nullable Payload data) {
        String message = data == null || data.size() > MOST_BYTES ? "" : data.asText();
        Begun first = begun;
        return CompletableFuture.completedFuture(first == null ? begin(message) : end(first, message));
    }

    private Outcome begin(String message) {
        Matcher form = FIRST.matcher(message);
        if (!form.matches()) {
            return refused("not a first message of SCRAM-SHA-256 without channel binding");
        }
        String name = unescaped(form.group(4));
        String other = form.group(2) == null ? name : unescaped(form.group(2));
        if (!Names.isFit(name) || !name.equals(other)) {
            return refused("a user name that cannot be, or one on behalf of another");
        }
        User<ScramKeys> user = method.user(name);
        ScramKeys keys = user == null ? method.imitation(name) : user.proof();
        String nonce = form.group(5) + method.drawNonce();
        String answer = "r=" + nonce + ",s="
                + Base64.getEncoder().encodeToString(keys.salt().sharedBytes()) + ",i=" + keys.iterations();
        String header = message.substring(0, message.length() - form.group(3).length());
        begun = new Begun(user, keys, header, nonce, form.group(3) + "," + answer);
        return new Outcome.Continue(Payload.ofText(answer));
    }

    private Outcome end(Begun first, String message) {
        Matcher form = FINAL.matcher(message);
        if (!form.matches()) {
            return refused("not a final message of SCRAM-SHA-256");
        }
        String header = Base64.getEncoder().encodeToString(first.header.getBytes(StandardCharsets.UTF_8));
        if (!form.group(2).equals(header) || !form.group(3).equals(first.nonce)) {
            return refused("a final message that does not belong to the first");
        }
        byte[] signed = (first.firstMessages + "," + form.group(1)).getBytes(StandardCharsets.UTF_8);
        byte[] clientKey = Base64.getDecoder().decode(form.group(4));
        byte[] signature = ScramKeys.hmac(first.keys.storedKey().sharedBytes(), signed);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= signature[i];
        }
        boolean isRight = MessageDigest.isEqual(
                ScramKeys.sha256(clientKey), first.keys.storedKey().sharedBytes());
        if (!isRight || first.user == null || !first.user.equals(method.user(first.user.name()))) {
            return refused("an unknown user or a wrong password");
        }
        byte[] proof = ScramKeys.hmac(first.keys.serverKey().sharedBytes(), signed);
        return new Outcome.Success(
                Payload.ofText("v=" + Base64.getEncoder().encodeToString(proof)), method.identity(first.user, claim));
    }

    /** The name as it was; one that is escaped wrongly becomes empty, which no name is. */
    private static String unescaped(String name) {
        return name.replace("=2C", "").replace("=3D", "").contains("=")
                ? ""
                : name.replace("=2C", ",").replace("=3D", "=");
    }

    private static Outcome refused(String reason) {
        return new Outcome.Failure(ReasonCode.NOT_AUTHORIZED, reason);
    }
}
