// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

/**
 * How large a packet from a device, and the parts of it that the decoder counts, may be.
 *
 * @param maxPacketSize bytes of a whole packet, its fixed header included
 * @param maxUserProperties User Properties in one packet; the Will Message's are counted for themselves
 * @param maxTopicLength bytes of UTF-8 in a Topic Name
 * @param maxTopicLevels levels of a Topic Name
 * @param maxClientIdLength bytes of UTF-8 in a Client Identifier; an upper bound, which ids are let in is decided later
 * @param maxPropertyBytes bytes of all properties of one packet, the Will Message's counted for themselves
 */
public record DecoderLimits(
        int maxPacketSize,
        int maxUserProperties,
        int maxTopicLength,
        int maxTopicLevels,
        int maxClientIdLength,
        int maxPropertyBytes) {}
