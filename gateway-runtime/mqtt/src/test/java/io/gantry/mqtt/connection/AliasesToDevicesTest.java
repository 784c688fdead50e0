// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.TestLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Topic Aliases towards a device")
class AliasesToDevicesTest {
    private static final String SUBSCRIBE_ALL = "82 07 0001 00 0001 23 00";
    private static final String PUBLISH_LONG = "30 08 0004 6C6F6E67 00 78";
    private static final String PUBLISH_OTHER = "30 08 0004 6D6F7265 00 79";

    private final TestConnection device = new TestConnection(TestLimits.defaults());

    @AfterEach
    void close() {
        device.close();
    }

    private void connects(String properties) {
        String length = String.format("%02X", properties.replace(" ", "").length() / 2);
        String remaining =
                String.format("%02X", 15 + properties.replace(" ", "").length() / 2);
        device.sends("10" + remaining + "0004 4D515454 05 02 000A" + length, properties, "0002 6431");
        device.sends(SUBSCRIBE_ALL).answer();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-27] are not used when the device allows none")
    void none() {
        connects("");

        device.sends(PUBLISH_LONG, PUBLISH_LONG);

        assertThat(device.answer()).isEqualTo("300800046C6F6E670078".repeat(2));
    }

    @Test
    @DisplayName("are set with the first message of a topic and stand for it afterwards")
    void setOnce() {
        connects("22 0002");

        device.sends(PUBLISH_LONG, PUBLISH_LONG);

        assertThat(device.answer()).isEqualTo("300B00046C6F6E670323000178" + "300700000323000178");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-26] are never above the device's Topic Alias Maximum")
    void bounded() {
        connects("22 0001");

        device.sends(PUBLISH_LONG, PUBLISH_OTHER, PUBLISH_OTHER);

        assertThat(device.answer()).isEqualTo("300B00046C6F6E670323000178" + "300800046D6F72650079".repeat(2));
    }

    @Test
    @DisplayName("are not set where the packet would be larger than the device takes, and make one fit when they are")
    void maximumPacketSize() {
        connects("22 0001 27 00000010");

        device.sends("30 0C 0004 6C6F6E67 00 7878787878");
        assertThat(device.answer()).isEqualTo("300C00046C6F6E67007878787878");
        device.sends("30 05 0001 6C 00 78", "30 07 0004 6D6F7265 00");
        assertThat(device.answer()).isEqualTo("300500016C0078" + "300A00046D6F726503230001");
        device.sends("30 0F 0004 6D6F7265 00 3132333435363738");

        assertThat(device.answer()).isEqualTo("300E000003230001" + "3132333435363738");
    }

    @Test
    @DisplayName("are not used for a topic shorter than an alias")
    void shortTopic() {
        connects("22 0001");

        device.sends("30 05 0001 6C 00 78", "30 05 0001 6C 00 78");

        assertThat(device.answer()).isEqualTo("300500016C0078".repeat(2));
    }
}
