// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A size in bytes")
class ByteSizeTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, 0",
        "512, 512",
        "512B, 512",
        "1KB, 1000",
        "1KiB, 1024",
        "1 KiB, 1024",
        "' 2kib ', 2048",
        "10MiB, 10485760",
        "10MB, 10000000",
        "1GiB, 1073741824",
        "1GB, 1000000000",
        "1TB, 1000000000000",
        "8TiB, 8796093022208",
        "999999999999999, 999999999999999"
    })
    @DisplayName("is read with its unit, in powers of 1024 or 1000")
    void read(String text, long bytes) {
        assertThat(ByteSize.fromText(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", " ", "KiB", "-1", "1.5MiB", "1K", "1M", "1PB", "1 2", "0x10", "1_000", "1iB", "1KiBB"})
    @DisplayName("is refused in any other form")
    void malformed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.fromText(text))
                .withMessage("must be a size such as 512, 256KiB or 10MiB");
    }

    @Test
    @DisplayName("is refused when it is too large to count, or negative")
    void limits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.fromText("999999999999999TiB"))
                .withMessage("is larger than 8EiB");
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteSize(-1));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0, 0", "1023, 1023", "1024, 1KiB", "1536, 1536", "10485760, 10MiB", "1073741824, 1GiB"})
    @DisplayName("is written with the largest unit that divides it, and reads back the same")
    void written(long bytes, String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
        assertThat(ByteSize.fromText(text)).isEqualTo(new ByteSize(bytes));
    }
}
