package dev.bactrian.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.testing.keys.PgpKeys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is encrypted comes back bit by bit to whoever has a key, and to nobody else; damage never passes. */
class EncryptionTest {

    private static final byte[] PLAIN = new byte[300_000];

    static {
        new Random(1).nextBytes(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 300_000})
    void everyReaderOpensItAlone(int length) throws Exception {
        byte[] plain = Arrays.copyOf(PLAIN, length);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(PgpKeys.bytes(PgpKeys.publicKey("alice")));
        both.write(PgpKeys.bytes(PgpKeys.publicKey("bob")));
        byte[] sealed = seal(Recipients.of(both.toByteArray(), Instant.now()), plain);

        assertThat(open(sealed, PgpKeys.opening("alice", null))).isEqualTo(plain);
        assertThat(open(sealed, PgpKeys.opening("bob", PgpKeys.PASSPHRASE_OF_BOB)))
                .isEqualTo(plain);
        assertThat(EncryptedMessage.read(new ByteArrayInputStream(sealed)).readers())
                .hasSize(2);
    }

    @Test
    void aKeyThatHasExpiredStillOpensWhatWasEncryptedForIt() throws Exception {
        Recipients then =
                Recipients.of(PgpKeys.bytes(PgpKeys.publicKey("expired")), Instant.parse("2020-01-02T00:00:00Z"));

        assertThat(open(seal(then, PLAIN), PgpKeys.opening("expired", null))).isEqualTo(PLAIN);
    }

    @Test
    void severalPrivateKeysMayStandInOneFile() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(PgpKeys.bytes(PgpKeys.privateKey("expired")));
        both.write(PgpKeys.bytes(PgpKeys.privateKey("alice")));

        byte[] sealed = seal(PgpKeys.recipients("alice"), PLAIN);

        assertThat(open(sealed, DecryptionKey.of(both.toByteArray(), null))).isEqualTo(PLAIN);
    }

    @Test
    void anotherKeyAndAnotherPassphraseAreToldApart() throws Exception {
        byte[] sealed = seal(PgpKeys.recipients("bob"), PLAIN);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> open(sealed, PgpKeys.opening("alice", null)))
                .withMessageContaining("is encrypted for " + readers(sealed))
                .withMessageContaining("Nothing was changed")
                .withMessageContaining("--decrypt-key FILE");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> open(sealed, PgpKeys.opening("bob", null)))
                .withMessageContaining("protected by a passphrase, and no passphrase is set")
                .withMessageContaining("BACKUP_DECRYPT_PASSPHRASE");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> open(sealed, PgpKeys.opening("bob", "a secret guess")))
                .withMessageContaining("The passphrase of the private key is wrong")
                .withMessageNotContaining("a secret guess");
    }

    private static String readers(byte[] sealed) throws IOException {
        return String.join(
                ", ", EncryptedMessage.read(new ByteArrayInputStream(sealed)).readers());
    }

    /** Every byte counts, and so does every cut: in the envelope, in a packet's length, in the content, in the end. */
    @Test
    void noDamageAndNoCutComesThrough() throws Exception {
        byte[] sealed = seal(PgpKeys.recipients("alice"), PLAIN);
        DecryptionKey key = PgpKeys.opening("alice", null);
        Random random = new Random(2);
        for (int i = 0; i < 60; i++) {
            int place = i < 20 ? i * 12 : i < 40 ? sealed.length - 1 - (i - 20) : random.nextInt(sealed.length);
            byte[] damaged = sealed.clone();
            damaged[place] ^= (byte) (1 << (i % 8));
            assertThatExceptionOfType(Exception.class)
                    .as("byte " + place)
                    .isThrownBy(() -> open(damaged, key))
                    .satisfies(e -> assertThat(e).isInstanceOfAny(IOException.class, ProblemException.class));
            int end = place;
            assertThatExceptionOfType(IOException.class)
                    .as("cut at " + place)
                    .isThrownBy(() -> open(Arrays.copyOf(sealed, end), key));
            assertThatExceptionOfType(IOException.class)
                    .as("seen from outside, cut at " + place)
                    .isThrownBy(() -> EncryptedMessage.read(new ByteArrayInputStream(Arrays.copyOf(sealed, end))));
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> open(Arrays.copyOf(sealed, sealed.length + 1), key))
                .withMessageContaining("something follows");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        EncryptedMessage.read(new ByteArrayInputStream(Arrays.copyOf(sealed, sealed.length + 1))));
    }

    static byte[] seal(Recipients recipients, byte[] plain) throws Exception {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            new Encryption(recipients).encrypt(new ByteArrayInputStream(plain), "backup.zip", sealed, camel);
        }
        return sealed.toByteArray();
    }

    static byte[] open(byte[] sealed, DecryptionKey key) throws IOException {
        try (InputStream in = key.open(new ByteArrayInputStream(sealed))) {
            return in.readAllBytes();
        }
    }
}
