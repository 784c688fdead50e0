// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Message;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reading stored bytes")
class ByteReaderTest {

    @Test
    @DisplayName("a declared length of 2^31-1 or more is refused before anything is allocated for it")
    void declaredLength() {
        for (long length : new long[] {Integer.MAX_VALUE, 1L << 40, -1}) {
            byte[] bytes = new ByteWriter(16).varint(length).toBytes();

            assertThatThrownBy(() -> new ByteReader(bytes, 0, bytes.length).sized())
                    .isInstanceOf(DamagedRecordException.class)
                    .hasMessageContaining("a length of " + length);
        }
    }

    @Test
    @DisplayName("a record with any byte changed, or cut anywhere, is damaged and nothing else (seed 7)")
    void anyByte() {
        Message message = new Samples(7).message();
        byte[] key = Keys.message(message.id());
        byte[] sealed = Checked.seal(Family.MESSAGES, key, Records.message(message));

        for (int i = 0; i < sealed.length; i++) {
            byte[] flipped = sealed.clone();
            flipped[i] ^= 0x10;
            byte[] cut = java.util.Arrays.copyOf(sealed, i);

            assertThatThrownBy(() -> Checked.open(Family.MESSAGES, key, flipped))
                    .isInstanceOf(DamagedRecordException.class);
            assertThatThrownBy(() -> Checked.open(Family.MESSAGES, key, cut))
                    .isInstanceOf(DamagedRecordException.class);
        }
        assertThat(Records.message(Checked.open(Family.MESSAGES, key, sealed))).isEqualTo(message);
    }

    @Test
    @DisplayName("bytes that are no record, checksum or not, are damaged and nothing else (seed 8)")
    void anything() {
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 1;
            }

            try {
                Records.message(new ByteReader(bytes, 0, bytes.length));
            } catch (DamagedRecordException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        }
    }
}
