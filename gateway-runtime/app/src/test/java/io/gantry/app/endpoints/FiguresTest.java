// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The figures of a row")
class FiguresTest {
    private static final Books CLOSED = new Books(0, 0, true);
    private static final Numbered A1 = new Numbered("a", 1);
    private static final Numbered A2 = new Numbered("a", 2);
    private static final Numbered B1 = new Numbered("b", 1);

    private final Sendings sendings = new Sendings();

    private Figures figures(Numbered... came) {
        List.of(A1, A2, B1).forEach(sendings::confirm);
        return Figures.of(sendings, List.of(came), 1, 0, CLOSED);
    }

    @Test
    @DisplayName("are complete when everything has come, the devices in any order")
    void complete() {
        Figures figures = figures(B1, A1, A2);

        assertThat(figures.isComplete()).isTrue();
        assertThat(figures.inOrder()).isTrue();
        assertThat(figures.line()).isEqualTo("sent=3 arrived=3 lost=0 duplicated=0 dead_lettered=0");
    }

    @Test
    @DisplayName("tell of a message that has not come")
    void lost() {
        Figures figures = figures(A1, B1);

        assertThat(figures.isComplete()).isFalse();
        assertThat(figures.lost()).isEqualTo(1);
    }

    @Test
    @DisplayName("tell of a message that has come twice, and of one that nobody has sent")
    void duplicated() {
        assertThat(figures(A1, A2, A1, B1).duplicated()).isEqualTo(1);
        assertThat(figures(A1, A2, new Numbered("a", 7), B1).duplicated()).isEqualTo(1);
    }

    @Test
    @DisplayName("tell of a device's messages that have come first in another order, not of repetitions")
    void order() {
        assertThat(figures(A2, A1, B1).inOrder()).isFalse();
        assertThat(figures(A1, A2, A1, B1).inOrder()).isTrue();
    }

    @Test
    @DisplayName("are not complete while a message that can never be delivered is not given up, or something waits")
    void books() {
        List.of(A1).forEach(sendings::confirm);
        sendings.confirmPoison();

        assertThat(Figures.of(sendings, List.of(A1), 0, 0, CLOSED).isComplete()).isFalse();
        assertThat(Figures.of(sendings, List.of(A1), 0, 1, new Books(1, 2, true))
                        .isComplete())
                .isFalse();
        assertThat(Figures.of(sendings, List.of(A1), 0, 1, new Books(1, 0, false))
                        .isComplete())
                .isFalse();
        assertThat(Figures.of(sendings, List.of(A1), 0, 1, new Books(1, 0, true))
                        .isComplete())
                .isTrue();
    }

    @Test
    @DisplayName("allow as many repetitions as the harm and the senders have caused")
    void allowed() {
        sendings.repeat();

        assertThat(figures(A1, A2, B1).mayBeDuplicated()).isEqualTo(2);
    }
}
