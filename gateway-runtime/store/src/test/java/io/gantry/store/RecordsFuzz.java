// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.api.Message;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: a byte for the kind of record, then the record as it stands in the store without its checksum. */
@DisplayName("Any bytes in the store")
class RecordsFuzz {

    static Stream<Arguments> seeds() {
        Samples samples = new Samples(3);
        List<Message> messages = List.of(samples.message(), samples.message(), samples.message(), samples.message());
        return IntStream.range(0, RecordKind.ALL.size()).boxed().flatMap(kind -> messages.stream()
                .map(message -> seed(kind, message)));
    }

    private static Arguments seed(int index, Message message) {
        RecordKind<?> kind = RecordKind.ALL.get(index);
        byte[] record = kind.sampleOf(message).toBytes();
        return arguments(named(
                kind.name() + " of " + record.length + " bytes",
                new ByteWriter(64).u8(index).raw(record).toBytes()));
    }

    @DisplayName("are a record, which is the same after writing and reading it again, or damage and nothing else")
    @MethodSource("seeds")
    @FuzzTest
    void reading(byte[] input) {
        int index = input.length == 0 ? 0 : (input[0] & 0xFF) % RecordKind.ALL.size();
        ByteReader record = new ByteReader(input, Math.min(1, input.length), input.length);

        List<?> values = RecordKind.ALL.get(index).roundTrip(record);

        assertThat(new HashSet<Object>(values)).hasSizeLessThanOrEqualTo(1);
    }
}
