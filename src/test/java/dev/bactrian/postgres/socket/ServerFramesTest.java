package dev.bactrian.postgres.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers of a server pass, in whatever portions they come. */
class ServerFramesTest {

    private static final long LONGEST = 1 << 20;

    /** A row with a value of two bytes and a null, CopyData, an empty row, ReadyForQuery. */
    private static final String GOOD =
            "44 00000010 0002 00000002 6162 ffffffff" + "64 00000006 0102" + "44 00000006 0000" + "5a 00000005 49";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] read(byte[] answers, boolean negotiates) throws IOException {
        List<ByteArrayInputStream> portions = IntStream.range(0, answers.length)
                .mapToObj(at -> new ByteArrayInputStream(answers, at, 1))
                .toList();
        int[] asked = {negotiates ? 1 : 0};
        byte[] whole =
                new ServerFrames(new ByteArrayInputStream(answers), () -> asked[0]-- > 0, LONGEST).readAllBytes();
        asked[0] = negotiates ? 1 : 0;
        byte[] portioned = new ServerFrames(
                        new SequenceInputStream(Collections.enumeration(portions)), () -> asked[0]-- > 0, LONGEST)
                .readAllBytes();
        assertThat(portioned).isEqualTo(whole);
        return whole;
    }

    @Test
    void whatServersSendPasses() throws IOException {
        assertThat(read(bytes(GOOD), false)).isEqualTo(bytes(GOOD));
    }

    @Test
    void theAnswerToARequestForEncryptionPasses() throws IOException {
        assertThat(read(bytes("4e" + GOOD), true)).isEqualTo(bytes("4e" + GOOD));
        // S: what follows is TLS, and means nothing here.
        assertThat(read(bytes("53 16030100ffff"), true)).hasSize(7);
        // An old server answers by an error.
        assertThat(read(bytes("45 00000006 0000"), true)).hasSize(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A value larger than its row, a negative one, a row that ends early or late.
                "44 00000010 0002 7f000002 6162 ffffffff",
                "44 00000010 0002 80000000 6162 ffffffff",
                "44 00000010 0003 00000002 6162 ffffffff",
                "44 00000011 0002 00000002 6162 ffffffff",
                "44 00000005 00",
                // Messages that are too long for any memory, for their type, or shorter than their length.
                "44 7f000010 0002",
                "64 7f000006 0102",
                "45 7f000006 0000",
                "5a 00010005 49",
                "43 00000003",
                "64 ffffffff",
                // No message at all.
                "00 00000006 0000",
                "16 03010200 0100"
            })
    void whatNoServerSendsIsRefused(String answers) {
        assertThatThrownBy(() -> read(bytes(answers), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged on the way");
    }

    @Test
    void aMessageAsLongAsAllowedPasses() throws IOException {
        byte[] answers = ByteBuffer.allocate(5 + (int) LONGEST)
                .put((byte) 'd')
                .putInt((int) LONGEST + 4)
                .array();

        assertThat(read(answers, false)).hasSize(answers.length);
    }
}
