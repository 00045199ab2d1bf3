package dev.bactrian.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a node: that no process of it is left, or nothing. */
class NodeTest {

    private final Node node = new Node();

    @Test
    void aNodeIsAHostAProcessAndItsStart() {
        assertThat(node.getName()).matches(".+/" + ProcessHandle.current().pid() + "/[1-9]\\d{12}");
        assertThat(new Node().getName()).isEqualTo(node.getName());
    }

    @Test
    void aProcessThatIsNotThereIsGone() {
        assertThat(node.isGone(node.getName().replaceAll("/\\d+/", "/" + unusedPid() + "/")))
                .isTrue();
    }

    @Test
    void aProcessThatLivesIsNot() {
        assertThat(node.isGone(node.getName())).isFalse();
        assertThat(node.isGone(ofParent("0"))).isFalse();
    }

    /** A clock that was set since makes another start of the same process: by milliseconds, or by hours. */
    @ParameterizedTest
    @ValueSource(longs = {-10, 10, 1000, -7_200_000, 86_400_000})
    void whatAProcessSaysOfItsStartMakesItNoOther(long milliseconds) {
        long start = ProcessHandle.current()
                .parent()
                .flatMap(parent -> parent.info().startInstant())
                .orElseThrow()
                .toEpochMilli();

        assertThat(node.isGone(ofParent(Long.toString(start + milliseconds)))).isFalse();
    }

    /** In another container of the same host name there may be no process of that number, and its own lives all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"another-host/1/2", "nonsense", "", "a/b/c/1/2", "null"})
    void ofOtherNodesNothingIsKnown(String other) {
        assertThat(node.isGone(other)).isFalse();
        assertThat(node.isGone(node.getName().replaceFirst("(:\\d+)?/\\d+/", ":4026530000/" + unusedPid() + "/")))
                .isFalse();
    }

    private String ofParent(String start) {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        return node.getName().replaceFirst("/\\d+/\\d+$", "/" + parent + "/" + start);
    }

    private static long unusedPid() {
        long pid = 4_000_000;
        while (ProcessHandle.of(pid).isPresent()) {
            pid++;
        }
        return pid;
    }
}
