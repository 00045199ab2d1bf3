package dev.bactrian.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bactrian.testing.keys.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is signed is every byte of a text, by a key that is trusted, and nothing can be added to it. */
class SignedTextTest {

    private static final String TEXT = "{\n  \"a\" : \"\u00e4 \\n  \\\"signature\\\" : {}\",\n  \"b\" : [ 1, 2 ]\n}";
    private static final SigningKeys PAIR = SigningKeys.make();
    private static final SigningKey KEY = SigningKey.of(PAIR.privatePem().getBytes(StandardCharsets.UTF_8));
    private static final PublicKeys TRUSTED = PublicKeys.of(PAIR.publicPem());

    private static boolean holds(String text) {
        return SignedText.of(text).flatMap(signed -> signed.signer(TRUSTED)).isPresent();
    }

    @Test
    void aSignedTextIsKnownByItsSigner() {
        String signed = SignedText.sign(TEXT, KEY);

        assertThat(SignedText.of(signed).orElseThrow().signer(TRUSTED)).contains(KEY.publicLine());
        assertThat(SignedText.of(TEXT)).isEmpty();
        assertThat(SignedText.sign(TEXT, null)).isEqualTo(TEXT);
        assertThat(holds(signed + "\n")).as("an editor's line break at the end").isTrue();
    }

    @Test
    void noByteOfItCanBeChangedAndNothingAdded() {
        String signed = SignedText.sign(TEXT, KEY);
        for (int at = 0; at < signed.length(); at++) {
            char other = signed.charAt(at) == 'x' ? 'y' : 'x';
            String changed = signed.substring(0, at) + other + signed.substring(at + 1);
            // Which key it is said to be by is for people alone.
            boolean name = at > signed.indexOf("\"key\" : \"") + 8 && at < signed.indexOf("\", \"value\"");
            if (!name) {
                assertThat(holds(changed)).as("at %d: %s", at, changed).isFalse();
            }
        }
        assertThat(holds(signed.replace(" }\n}", ", \"c\" : 1 }\n}"))).isFalse();
        assertThat(holds(signed.replace(" }\n}", " },\n  \"b\" : []\n}"))).isFalse();
        assertThat(holds(signed + signed)).isFalse();
        assertThat(holds(signed.replace("\n", "\r\n"))).isFalse();
        assertThat(holds(SignedText.sign(
                        signed, SigningKey.of(SigningKeys.make().privatePem().getBytes(StandardCharsets.UTF_8)))))
                .isFalse();
    }

    @Test
    void anotherKeyIsNotTrustedAndSeveralAre() {
        String signed = SignedText.sign(TEXT, KEY);
        SigningKeys next = SigningKeys.make();
        SignedText text = SignedText.of(signed).orElseThrow();

        assertThat(text.signer(PublicKeys.of(next.publicPem()))).isEmpty();
        assertThat(text.signer(PublicKeys.NONE)).isEmpty();
        for (String both : List.of(
                next.publicPem() + PAIR.publicPem(),
                next.publicFile() + "," + PAIR.publicFile(),
                next.publicFile() + "\n" + KEY.publicLine(),
                PAIR.publicPem().replace("\n", "") + ", " + next.publicFile())) {
            assertThat(text.signer(PublicKeys.of(both))).as(both).contains(KEY.publicLine());
            assertThat(PublicKeys.of(both).keys()).hasSize(2);
        }
    }

    /** RFC 8032, 7.1, test 2. */
    @Test
    void thePublicHalfAndTheSignatureAreThoseOfTheStandard() {
        byte[] prefix = HexFormat.of().parseHex("302e020100300506032b657004220420");
        byte[] seed = HexFormat.of().parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        byte[] encoded = new byte[48];
        System.arraycopy(prefix, 0, encoded, 0, 16);
        System.arraycopy(seed, 0, encoded, 16, 32);

        for (byte[] form :
                List.of(encoded, Base64.getEncoder().encodeToString(encoded).getBytes(StandardCharsets.US_ASCII))) {
            SigningKey key = SigningKey.of(form);
            assertThat(HexFormat.of().formatHex(Base64.getDecoder().decode(key.publicLine())))
                    .endsWith("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
            assertThat(HexFormat.of().formatHex(key.sign(new byte[] {0x72})))
                    .isEqualTo("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
            assertThat(key.toString()).contains(key.publicLine()).doesNotContain("TM0ImyiP", "4ccd089b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"
            })
    void whatIsNoPrivateKeyIsRefusedWithWhatToDo(String text) {
        assertThatThrownBy(() -> SigningKey.of(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl");
    }

    @Test
    void keysOfAnotherKindAndTheWrongHalfAreRefused() {
        SigningKeys rsa = SigningKeys.make("RSA");
        assertThatThrownBy(() -> SigningKey.of(rsa.privatePem().getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("genpkey -algorithm ed25519");
        assertThatThrownBy(() -> SigningKey.of(PAIR.publicPem().getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("has a public key");
        for (String wrong : List.of(
                PAIR.privatePem(),
                PAIR.privateFile().toString(),
                rsa.publicPem(),
                "no-such-file",
                " ",
                ",",
                Path.of(".").toAbsolutePath().toString(),
                rsa.publicFile().toString())) {
            assertThatThrownBy(() -> PublicKeys.of(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-pubout");
        }
    }
}
