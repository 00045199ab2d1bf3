package dev.bactrian.encryption;

import dev.bactrian.problem.ProblemException;
import dev.bactrian.support.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.SymmetricEncIntegrityPacket;
import org.bouncycastle.openpgp.PGPEncryptedData;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.jcajce.JcePublicKeyDataDecryptorFactoryBuilder;

/**
 * What is inside an encrypted message. Its end is only reported when the message's integrity has been proven up to there;
 * what was read before might be anybody's until then.
 */
final class DecryptedMessage extends BulkFilterStream {

    /** RFC 9580, 5.13.2: 4 MiB. */
    private static final int LARGEST_CHUNK = 16;

    private final InputStream message;
    private final PGPEncryptedData encrypted;
    private boolean ended;

    private DecryptedMessage(InputStream message, PGPEncryptedData encrypted, InputStream content) {
        super(content);
        this.message = message;
        this.encrypted = encrypted;
    }

    static InputStream open(InputStream in, SecretKeys key) throws IOException {
        try {
            PacketStart message = new PacketStart(PGPUtil.getDecoderStream(in));
            PGPPublicKeyEncryptedData envelope = key.choose(envelopes(message));
            requireReadable(envelope);
            InputStream clear = envelope.getDataStream(new JcePublicKeyDataDecryptorFactoryBuilder()
                    .setProvider(SecretKeys.PROVIDER)
                    .setContentProvider(SecretKeys.FAST_AES)
                    .build(key.unlock(envelope)));
            return new DecryptedMessage(message, envelope, content(new PacketStart(clear)));
        } catch (ProblemException e) {
            throw e;
        } catch (PGPException | RuntimeException e) {
            // The library stumbles over damaged packets in many ways.
            throw new IOException("it isn't a complete OpenPGP message, or not for this key", e);
        }
    }

    private static List<PGPPublicKeyEncryptedData> envelopes(PacketStart message) throws IOException {
        BCPGInputStream packets = new BCPGInputStream(message);
        int tag = packets.skipMarkerPackets();
        if (tag != PacketTags.PUBLIC_KEY_ENC_SESSION && tag != PacketTags.SYMMETRIC_KEY_ENC_SESSION) {
            throw new IOException("it isn't an encrypted OpenPGP message");
        }
        PGPEncryptedDataList list = new PGPEncryptedDataList(packets);
        message.ended();
        List<PGPPublicKeyEncryptedData> envelopes = new ArrayList<>();
        for (PGPEncryptedData each : list) {
            if (each instanceof PGPPublicKeyEncryptedData envelope) {
                envelopes.add(envelope);
            }
        }
        return envelopes;
    }

    /** Refuses what can't be read in bounded memory: a chunk is held whole until its seal has been proven. */
    private static void requireReadable(PGPEncryptedData encrypted) throws IOException {
        if (!encrypted.isIntegrityProtected()) {
            throw new IOException(
                    "it is encrypted without integrity protection, so it could have been changed unnoticed");
        }
        if (encrypted.getEncData() instanceof SymmetricEncIntegrityPacket packet
                && packet.getVersion() == SymmetricEncIntegrityPacket.VERSION_2
                && packet.getChunkSize() > LARGEST_CHUNK) {
            throw new IOException("its chunks are larger than OpenPGP allows");
        }
    }

    /**
     * Archives of Bactrian's hold a literal packet; one that people have encrypted anew may also be signed, which isn't checked
     * here. What is compressed is refused: a few bytes can become any number, and an archive is compressed already.
     */
    private static InputStream content(PacketStart clear) throws IOException {
        BCPGInputStream packets = new BCPGInputStream(clear);
        for (int tag = packets.skipMarkerPackets(); tag >= 0; tag = packets.skipMarkerPackets()) {
            switch (tag) {
                case PacketTags.LITERAL_DATA -> {
                    InputStream content = new PGPLiteralData(packets).getInputStream();
                    clear.ended();
                    return content;
                }
                case PacketTags.ONE_PASS_SIGNATURE -> packets.readPacket();
                case PacketTags.COMPRESSED_DATA ->
                    throw new IOException("its content is compressed, which is never the case for an archive. Decrypt "
                            + "it where it was encrypted, and encrypt it with gpg --compress-algo none");
                default -> throw new IOException("its OpenPGP message contains something other than a file");
            }
        }
        throw new IOException("there is no file in the OpenPGP message");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        try {
            int count = super.read(bytes, offset, length);
            if (count < 0) {
                requireWhole();
                ended = true;
            }
            return count;
        } catch (PGPException | RuntimeException e) {
            throw new IOException("its OpenPGP packets are invalid", e);
        }
    }

    private void requireWhole() throws IOException, PGPException {
        if (!encrypted.verify()) {
            throw new IOException("its integrity check fails: it isn't what was encrypted");
        }
        if (message.read() >= 0) {
            throw new IOException("something follows the encrypted message");
        }
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        message.close();
    }
}
