package dev.bactrian.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.bactrian.testing.keys.PgpKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key that can't encrypt is found when the service starts, and not when somebody needs the backup. */
class RecipientsTest {

    @Test
    void aKeyIsReadArmouredAndBinary() {
        Recipients armoured = PgpKeys.recipients("alice");
        Recipients binary = Recipients.of(PgpKeys.bytes(PgpKeys.file("alice.public.gpg")), Instant.now());

        assertThat(armoured.keys()).hasSize(1);
        assertThat(armoured.fingerprints()).hasSize(1).allMatch(print -> print.matches("[0-9A-F]{40}"));
        assertThat(binary.fingerprints()).isEqualTo(armoured.fingerprints());
    }

    @Test
    void everyKeyOfAFileIsARecipient() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(PgpKeys.bytes(PgpKeys.publicKey("alice")));
        both.write(PgpKeys.bytes(PgpKeys.publicKey("bob")));

        assertThat(Recipients.of(both.toByteArray(), Instant.now()).keys()).hasSize(2);

        both.write(PgpKeys.bytes(PgpKeys.publicKey("expired")));
        assertThatIllegalArgumentException()
                .as("none is left out in silence")
                .isThrownBy(() -> Recipients.of(both.toByteArray(), Instant.now()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signer.public.asc   | which can only sign. Add an encryption subkey with gpg --quick-add-key",
                "expired.public.asc  | which expired at 2020-01-31T00:00:00Z. Extend it with gpg --quick-set-expire",
                "revoked.public.asc  | which has been revoked. Set it to the key that replaces it.",
                "alice.private.asc   | contains a private key. Encrypting needs only the public key",
                "README.md           | contains no OpenPGP public key"
            })
    void whatCannotEncryptIsRefusedWithARemedy(String file, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipients.of(PgpKeys.bytes(PgpKeys.file(file)), Instant.now()))
                .withMessageContaining(words);
    }

    @Test
    void aKeyThatHadNotExpiredYetEncrypts() {
        Instant then = Instant.parse("2020-01-02T00:00:00Z");

        assertThat(Recipients.of(PgpKeys.bytes(PgpKeys.publicKey("expired")), then)
                        .keys())
                .hasSize(1);
    }

    @Test
    void nothingIsNoKey() {
        for (String text : new String[] {"", "\n", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Recipients.of(text.getBytes(StandardCharsets.UTF_8), Instant.now()))
                    .withMessageContaining("gpg --armor --export");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DecryptionKey.of(text.getBytes(StandardCharsets.UTF_8), null))
                    .withMessageContaining("contains no OpenPGP private key");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecryptionKey.of(PgpKeys.bytes(PgpKeys.publicKey("alice")), null))
                .withMessageContaining("contains no OpenPGP private key");
    }
}
