// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Payload;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Amazon's streams. A record has a partition key and bytes, and no headers. */
final class AwsKinesis implements CloudService {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final int LONGEST_KEY = 256;

    @Override
    public String scheme() {
        return "aws2-kinesis";
    }

    @Override
    public Set<String> needs() {
        return Set.of("region");
    }

    @Override
    public Set<String> takes() {
        return Set.of("region", "access-key", "secret-key", "url");
    }

    @Override
    public void check(Map<String, Object> given) {
        Aws.check(given);
    }

    @Override
    public String address(CamelEndpointSettings settings) {
        return "aws-kinesis "
                + (settings.url() == null ? "https://kinesis." + settings.region() + ".amazonaws.com" : settings.url());
    }

    @Override
    public void checkFrom(CamelFrom from) {
        throw new InvalidSettingException(
                "uri",
                "must not be a stream of aws-kinesis: the Camel component forgets its position, and does not read again"
                        + " what could not be taken, so messages would be lost");
    }

    @Override
    public void checkTo(CamelTo to) {
        CloudService.requireName(to.uri(), NAME, "the name of a stream: 1 to 128 letters, digits, '_', '.' and '-'");
        if (to.properties()) {
            throw new InvalidSettingException(
                    "properties", "must be false with preset aws-kinesis: records have no headers");
        }
        if (!to.headers().isEmpty()) {
            throw new InvalidSettingException(
                    "headers", "must be empty with preset aws-kinesis: records have no headers");
        }
    }

    @Override
    public String path(CamelEndpointSettings settings, String name) {
        return name;
    }

    @Override
    public Map<String, Object> options(CamelEndpointSettings settings, String name) {
        Map<String, Object> options = new HashMap<>(Aws.options(settings));
        // Those that stand in for the service do not all read its binary form.
        options.put("cborEnabled", settings.url() == null);
        return options;
    }

    @Override
    public Map<String, Object> sourceOptions() {
        return Map.of();
    }

    @Override
    public boolean carries(String header) {
        return false;
    }

    @Override
    public void place(Payload payload, String key, Exchange exchange) throws RejectedMessageException {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw CloudService.rejected("a partition key of Kinesis is 1 to " + LONGEST_KEY + " characters");
        }
        exchange.getMessage().setBody(payload.sharedBytes().clone());
        exchange.getMessage().setHeader("CamelAwsKinesisPartitionKey", key);
    }
}
