// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.TopicName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Reads Topic Names, and knows the last one again by its bytes: most devices publish to one topic most of the time. */
final class TopicReader {

    private final int maxLength;

    private final int maxLevels;

    private @Nullable TopicName last;

    private ByteBuf lastBytes = Unpooled.EMPTY_BUFFER;

    TopicReader(DecoderLimits limits) {
        this.maxLength = limits.maxTopicLength();
        this.maxLevels = limits.maxTopicLevels();
    }

    /** The Topic Name of a PUBLISH; null when it is empty. */
    @Nullable TopicName readOfPublish(PacketBytes in) {
        int length = in.readTwoByteInteger("Topic Name");
        if (length == 0) {
            return null;
        }
        if (last != null && length == lastBytes.readableBytes() && in.skip(lastBytes)) {
            return last;
        }
        byte[] bytes = readBounded(in, length, "PUBLISH Topic Name");
        TopicName topic = parse(bytes, "PUBLISH Topic Name", Rule.PUBLISH_WILDCARD);
        lastBytes = Unpooled.wrappedBuffer(bytes);
        last = topic;
        return topic;
    }

    TopicName readOfWill(PacketBytes in) {
        int length = in.readTwoByteInteger("Will Topic");
        if (length == 0) {
            throw Rule.WILL_TOPIC_EMPTY.brokenBy("empty Will Topic");
        }
        return parse(readBounded(in, length, "Will Topic"), "Will Topic", Rule.WILL_TOPIC_WILDCARD);
    }

    private byte[] readBounded(PacketBytes in, int length, String field) {
        byte[] bytes = in.readBytes(length, field);
        if (length > maxLength) {
            throw Rule.TOPIC_LENGTH.brokenBy(
                    field + " of " + length + " bytes where at most " + maxLength + " are taken");
        }
        return bytes;
    }

    private TopicName parse(byte[] bytes, String field, Rule noWildcard) {
        String text = Utf8.decode(bytes, field);
        int levels = 1;
        for (byte b : bytes) {
            if (b == '/') {
                levels++;
            }
        }
        if (levels > maxLevels) {
            throw Rule.TOPIC_LEVELS.brokenBy(
                    field + " of " + levels + " levels where at most " + maxLevels + " are taken");
        }
        return TopicName.parse(text).orElseThrow(() -> noWildcard.brokenBy(field + " with a wildcard"));
    }
}
