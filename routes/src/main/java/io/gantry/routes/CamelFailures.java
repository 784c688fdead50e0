// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the failure of a component means for a message: not now, unless it is one by which a cloud service says something
 * else. Told apart by their names, since their classes may not be on the class path.
 */
final class CamelFailures {
    private static final int DEEPEST = 10;

    private static final Set<String> NEVER = Set.of(
            "InvalidMessageContents",
            "InvalidMessageContentsException",
            "InvalidParameterValue",
            "InvalidArgumentException",
            "ValidationException");

    private static final Set<String> UNTIL_MENDED = Set.of(
            "QueueDoesNotExistException",
            "AWS.SimpleQueueService.NonExistentQueue",
            "ResourceNotFoundException",
            "NotFoundException",
            "AccessDenied",
            "AccessDeniedException",
            "PermissionDeniedException",
            "UnauthenticatedException",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "IncompleteSignature",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "ExpiredToken",
            "ExpiredTokenException");

    private static final Delivery FAILED =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the route's target has failed");
    private static final Delivery NO_ROOM = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "as many messages to the endpoint are under way and wait as may");

    private CamelFailures() {}

    static Delivery outcomeOf(Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            return NO_ROOM;
        }
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            String name = cause.getClass().getSimpleName();
            String code = awsCode(cause);
            if (NEVER.contains(name) || NEVER.contains(code)) {
                return new Delivery.Rejected(
                        ReasonCode.PAYLOAD_FORMAT_INVALID,
                        "the cloud service refuses the message: " + known(name, code));
            }
            if (UNTIL_MENDED.contains(name) || UNTIL_MENDED.contains(code)) {
                return new Delivery.Unavailable(
                        ReasonCode.NOT_AUTHORIZED,
                        "the cloud service refuses the route: " + known(name, code),
                        Retry.whenMended());
            }
            cause = cause.getCause();
        }
        return FAILED;
    }

    private static String known(String name, String code) {
        return code.isEmpty() ? name : code;
    }

    /** The code by which Amazon's client names what has no class of its own; empty for anything else. */
    private static String awsCode(Throwable failure) {
        if (!failure.getClass().getName().startsWith("software.amazon.awssdk.")) {
            return "";
        }
        try {
            Object details = failure.getClass().getMethod("awsErrorDetails").invoke(failure);
            Object code = details == null
                    ? null
                    : details.getClass().getMethod("errorCode").invoke(details);
            return code == null ? "" : code.toString();
        } catch (ReflectiveOperationException hasNone) {
            return "";
        }
    }
}
