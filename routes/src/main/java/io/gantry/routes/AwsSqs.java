// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Payload;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Amazon's queues. A message is text, with at most ten attributes. */
final class AwsSqs implements CloudService {
    private static final String FIFO = ".fifo";
    private static final int MOST_ATTRIBUTES = 10;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\\.fifo");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern GROUP = Pattern.compile("[\\x21-\\x7E]{1,128}");

    /** Those that are not read back do not fit beside the others. */
    private static final Set<String> LEFT_OUT = Set.of(
            MessageHeaders.CLIENT_ID, MessageHeaders.USERNAME, MessageHeaders.RECEIVED, MessageHeaders.MESSAGE_ID);

    @Override
    public String scheme() {
        return "aws2-sqs";
    }

    @Override
    public Set<String> needs() {
        return Set.of("region", "account");
    }

    @Override
    public Set<String> takes() {
        return Set.of("region", "account", "access-key", "secret-key", "url");
    }

    @Override
    public void check(Map<String, Object> given) {
        Aws.check(given);
        CloudService.require(given, "account", ACCOUNT, "twelve digits");
    }

    @Override
    public String address(CamelEndpointSettings settings) {
        return "aws-sqs " + host(settings);
    }

    @Override
    public void checkFrom(CamelFrom from) {
        requireQueue(from.uri());
    }

    @Override
    public void checkTo(CamelTo to) {
        requireQueue(to.uri());
        if (to.uri().endsWith(FIFO) != (to.key() != null)) {
            throw new InvalidSettingException(
                    "key",
                    to.key() == null
                            ? "must be given for a queue that ends in " + FIFO
                            : "has no meaning for a queue that does not end in " + FIFO);
        }
        int most = to.properties() ? 0 : MOST_ATTRIBUTES - 1;
        if (to.headers().size() > most) {
            throw new InvalidSettingException(
                    "headers",
                    "must be at most " + most + (to.properties() ? " together with properties" : "")
                            + ": a message in SQS has " + MOST_ATTRIBUTES + " attributes, was "
                            + to.headers().size());
        }
    }

    private static void requireQueue(String name) {
        CloudService.requireName(
                name, NAME, "the name of a queue: 1 to 80 letters, digits, '-' and '_', or up to 75 and .fifo");
    }

    @Override
    public String path(CamelEndpointSettings settings, String name) {
        return name;
    }

    @Override
    public Map<String, Object> options(CamelEndpointSettings settings, String name) {
        Map<String, Object> options = new HashMap<>(Aws.options(settings));
        // Given, so that nothing is asked of the service at the start.
        options.put("queueUrl", host(settings) + "/" + settings.account() + "/" + name);
        options.put("messageHeaderExceededLimit", "FAIL");
        if (name.endsWith(FIFO)) {
            options.put("messageGroupIdStrategy", "usePropertyValue");
            options.put("messageDeduplicationIdStrategy", "useExchangeId");
        }
        return options;
    }

    @Override
    public Map<String, Object> sourceOptions() {
        return Map.of(
                "messageAttributeNames", "All",
                "waitTimeSeconds", 1,
                "maxMessagesPerPoll", 10,
                "greedy", true,
                "backoffErrorThreshold", 1,
                "backoffMultiplier", 20);
    }

    @Override
    public boolean carries(String header) {
        return !LEFT_OUT.contains(header);
    }

    @Override
    public void place(Payload payload, String key, Exchange exchange) throws RejectedMessageException {
        exchange.getMessage().setBody(text(payload));
        if (!key.isEmpty()) {
            if (!GROUP.matcher(key).matches()) {
                throw CloudService.rejected("a message group of SQS is 1 to 128 visible ASCII characters");
            }
            exchange.setProperty("CamelAwsMessageGroupId", key);
        }
    }

    /** SQS takes the characters of XML 1.0. */
    private static String text(Payload payload) throws RejectedMessageException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload.sharedBytes()))
                    .toString();
        } catch (CharacterCodingException binary) {
            throw CloudService.rejected("SQS carries text only: the route needs base64");
        }
        boolean isLegal = text.codePoints()
                .allMatch(c -> c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0xFFFE && c != 0xFFFF));
        if (text.isEmpty() || !isLegal) {
            throw CloudService.rejected("SQS carries text only, and no empty one: the route needs base64");
        }
        return text;
    }

    private static String host(CamelEndpointSettings settings) {
        return settings.url() == null ? "https://sqs." + settings.region() + ".amazonaws.com" : settings.url();
    }
}
