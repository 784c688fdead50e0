// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.Locale;

/** The cloud services that are reached through a Camel component. */
public enum CamelPreset {
    AWS_SQS(new AwsSqs()),
    AWS_KINESIS(new AwsKinesis()),
    GOOGLE_PUBSUB(new GooglePubsub());

    private final CloudService service;

    CamelPreset(CloudService service) {
        this.service = service;
    }

    CloudService service() {
        return service;
    }

    /** As it is written in the YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
