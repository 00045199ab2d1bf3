package dev.bactrian.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.bactrian.testing.keys.PgpKeys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.bcpg.CompressionAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.operator.jcajce.JcePGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcePublicKeyKeyEncryptionMethodGenerator;
import org.junit.jupiter.api.Test;

/** What somebody who may write into the bucket can encrypt for us: anybody has the public key. None of it takes memory or time. */
class HostileMessagesTest {

    private static final byte[] FILE = "a file".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] MARKER = {(byte) 0xca, 3, 'P', 'G', 'P'};
    private static final byte[] ONE_PASS_SIGNATURE = {(byte) 0xc4, 13, 3, 0, 8, 1, 1, 2, 3, 4, 5, 6, 7, 8, 1};

    @Test
    void whatIsCompressedIsRefusedBeforeItGrows() throws Exception {
        byte[] bomb = compressed(literal(new byte[100_000_000]));
        assertThat(bomb.length).isLessThan(200_000);
        for (byte[] content : new byte[][] {
            bomb, compressed(bomb), join(MARKER, bomb), join(ONE_PASS_SIGNATURE, bomb), compressed(literal(FILE))
        }) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> open(sealed(content)))
                    .withMessageContaining("compressed")
                    .withMessageContaining("gpg --compress-algo none");
        }
    }

    @Test
    void aSignedOrMarkedFileIsRead() throws Exception {
        for (byte[] content :
                new byte[][] {literal(FILE), join(MARKER, literal(FILE)), join(ONE_PASS_SIGNATURE, literal(FILE))}) {
            assertThat(open(sealed(content))).isEqualTo(FILE);
        }
    }

    @Test
    void packetsThatGoOnAndOnBeforeTheFileAreRefused() throws Exception {
        for (byte[] packet : new byte[][] {MARKER, ONE_PASS_SIGNATURE}) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (all.size() <= PacketStart.LONGEST) {
                all.write(packet);
            }
            byte[] sealed = sealed(join(all.toByteArray(), literal(FILE)));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> open(sealed))
                    .withMessageContaining("too many OpenPGP packets");
        }
    }

    @Test
    void sessionKeysWithoutEndAreRefused() throws Exception {
        byte[] sealed = sealed(literal(FILE));
        byte[] envelope = Arrays.copyOf(sealed, envelopeLength(sealed));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() <= PacketStart.LONGEST) {
            all.write(envelope);
        }
        all.write(sealed);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> open(all.toByteArray()))
                .withMessageContaining("too many OpenPGP packets");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> EncryptedMessage.read(new ByteArrayInputStream(all.toByteArray())));
    }

    /** A signature, a user id and the like are read into memory whole, as long as they say they are: two gigabytes, here. */
    @Test
    void otherPacketsAreNotReadAtAll() throws Exception {
        for (int tag : new int[] {2, 6, 9, 13, 17, 20, 60}) {
            byte[] huge = {(byte) (0xc0 | tag), (byte) 0xff, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 6, 0, 0, 0};
            assertThatExceptionOfType(IOException.class)
                    .as("inside: " + tag)
                    .isThrownBy(() -> open(sealed(join(huge, literal(FILE)))));
            assertThatExceptionOfType(IOException.class)
                    .as("outside: " + tag)
                    .isThrownBy(() -> open(join(huge, sealed(literal(FILE)))));
            assertThatExceptionOfType(IOException.class)
                    .as("seen from outside: " + tag)
                    .isThrownBy(
                            () -> EncryptedMessage.read(new ByteArrayInputStream(join(huge, sealed(literal(FILE))))));
        }
    }

    @Test
    void chunksThatWouldNotFitIntoMemoryAreRefused() throws Exception {
        byte[] sealed = sealed(literal(FILE));
        byte[] envelope = Arrays.copyOf(sealed, envelopeLength(sealed));
        for (int size : new int[] {17, 24, 30, 255}) {
            // Version 2, AES-256, GCM, and chunks of 2 to the power of size and 6.
            byte[] start = {(byte) 0xd2, 100, 2, 9, 3, (byte) size};
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> open(join(envelope, join(start, new byte[96]))));
        }
    }

    private static byte[] open(byte[] sealed) throws IOException {
        try (InputStream in = PgpKeys.opening("alice", null).open(new ByteArrayInputStream(sealed))) {
            return in.readAllBytes();
        }
    }

    private static byte[] sealed(byte[] packets) throws Exception {
        PGPPublicKey key = PgpKeys.recipients("alice").keys().get(0);
        PGPEncryptedDataGenerator generator =
                new PGPEncryptedDataGenerator(new JcePGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256)
                        .setWithIntegrityPacket(true)
                        .setSecureRandom(new SecureRandom())
                        .setProvider(SecretKeys.PROVIDER));
        generator.addMethod(new JcePublicKeyKeyEncryptionMethodGenerator(key).setProvider(SecretKeys.PROVIDER));
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (OutputStream out = generator.open(sealed, packets.length)) {
            out.write(packets);
        }
        return sealed.toByteArray();
    }

    /** Of the first packet: its header, in the old or the new form of a short one, and its body. */
    private static int envelopeLength(byte[] sealed) {
        boolean newForm = (sealed[0] & 0x40) != 0;
        int first = sealed[1] & 0xff;
        if (newForm) {
            return first < 192 ? 2 + first : 3 + ((first - 192 << 8) + (sealed[2] & 0xff) + 192);
        }
        return (sealed[0] & 3) == 0 ? 2 + first : 3 + (first << 8 | sealed[2] & 0xff);
    }

    private static byte[] literal(byte[] content) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        try (OutputStream out = new PGPLiteralDataGenerator()
                .open(packet, PGPLiteralData.BINARY, "backup.zip", content.length, PGPLiteralData.NOW)) {
            out.write(content);
        }
        return packet.toByteArray();
    }

    private static byte[] compressed(byte[] packets) throws Exception {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        PGPCompressedDataGenerator generator = new PGPCompressedDataGenerator(CompressionAlgorithmTags.ZIP);
        try (OutputStream out = generator.open(packet)) {
            out.write(packets);
        }
        return packet.toByteArray();
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
