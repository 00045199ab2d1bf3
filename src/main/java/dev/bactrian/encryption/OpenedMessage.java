package dev.bactrian.encryption;

import dev.bactrian.backup.BackupException;
import dev.bactrian.stream.BulkFilterStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openpgp.PGPCompressedData;
import org.bouncycastle.openpgp.PGPEncryptedData;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPMarker;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.jcajce.JcaPGPObjectFactory;
import org.bouncycastle.openpgp.operator.jcajce.JcePublicKeyDataDecryptorFactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What is inside an encrypted message. Its end is only reported when the message's integrity has been proven up to there;
 * what was read before might be anybody's until then.
 */
final class OpenedMessage extends BulkFilterStream {

    private final InputStream message;
    private final PGPEncryptedData sealed;
    private boolean ended;

    private OpenedMessage(InputStream message, PGPEncryptedData sealed, InputStream content) {
        super(content);
        this.message = message;
        this.sealed = sealed;
    }

    static InputStream open(InputStream in, DecryptionKey key) throws IOException {
        try {
            InputStream message = PGPUtil.getDecoderStream(in);
            PGPPublicKeyEncryptedData envelope = key.choose(envelopes(message));
            if (!envelope.isIntegrityProtected()) {
                throw new IOException("it is encrypted without integrity protection, so anybody could have changed it");
            }
            InputStream clear = envelope.getDataStream(new JcePublicKeyDataDecryptorFactoryBuilder()
                    .setProvider(DecryptionKey.PROVIDER)
                    .setContentProvider(DecryptionKey.FAST_AES)
                    .build(key.unlock(envelope)));
            return new OpenedMessage(message, envelope, content(new JcaPGPObjectFactory(clear)));
        } catch (BackupException e) {
            throw e;
        } catch (PGPException | RuntimeException e) {
            // The library stumbles over damaged packets in many ways.
            throw new IOException("it isn't a whole OpenPGP message, or not for this key", e);
        }
    }

    private static List<PGPPublicKeyEncryptedData> envelopes(InputStream message) throws IOException {
        Object first = next(new JcaPGPObjectFactory(message));
        if (!(first instanceof PGPEncryptedDataList list)) {
            throw new IOException("it isn't an encrypted OpenPGP message");
        }
        List<PGPPublicKeyEncryptedData> envelopes = new ArrayList<>();
        for (PGPEncryptedData each : list) {
            if (each instanceof PGPPublicKeyEncryptedData envelope) {
                envelopes.add(envelope);
            }
        }
        return envelopes;
    }

    /** Archives of Bactrian's hold a literal packet; what people have encrypted anew may be compressed or signed besides. */
    private static InputStream content(PGPObjectFactory packets) throws IOException, PGPException {
        for (Object packet = next(packets); packet != null; packet = next(packets)) {
            if (packet instanceof PGPLiteralData literal) {
                return literal.getInputStream();
            }
            if (packet instanceof PGPCompressedData compressed) {
                return content(new JcaPGPObjectFactory(compressed.getDataStream()));
            }
        }
        throw new IOException("there is no file in the OpenPGP message");
    }

    private static @Nullable Object next(PGPObjectFactory packets) throws IOException {
        Object packet = packets.nextObject();
        while (packet instanceof PGPMarker) {
            packet = packets.nextObject();
        }
        return packet;
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
            throw new IOException("its OpenPGP packets make no sense", e);
        }
    }

    private void requireWhole() throws IOException, PGPException {
        if (!sealed.verify()) {
            throw new IOException("its integrity check fails: it isn't what was encrypted");
        }
        if (message.read() >= 0) {
            throw new IOException("something follows after the encrypted message");
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
