package dev.bactrian.encryption;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.PublicKeyEncSessionPacket;
import org.bouncycastle.bcpg.SymmetricEncIntegrityPacket;

/**
 * What can be seen of an encrypted message without a key: whether its packets go to a proper end (RFC 9580, 10.3).
 *
 * @param readers ids of the (sub)keys that open it, as gpg names them
 */
public record EncryptedMessage(List<String> readers) {

    private static final int MOST_READERS = 1000;

    public EncryptedMessage {
        readers = List.copyOf(readers);
    }

    /**
     * Reads a binary message to its end.
     *
     * @throws IOException when it ends too early or isn't one; what is wrong, to go on after "The archive "
     */
    public static EncryptedMessage read(InputStream message) throws IOException {
        List<String> readers = new ArrayList<>();
        BCPGInputStream packets = new BCPGInputStream(message);
        try {
            // By their tags: of any other packet the library would take into memory what it announces.
            while (packets.nextPacketTag() == PacketTags.PUBLIC_KEY_ENC_SESSION
                    && readers.size() < MOST_READERS
                    && packets.readPacket() instanceof PublicKeyEncSessionPacket envelope) {
                readers.add(Fingerprints.ofId(envelope.getKeyID()));
            }
            if (readers.isEmpty()
                    || packets.nextPacketTag() != PacketTags.SYM_ENC_INTEGRITY_PRO
                    || !(packets.readPacket() instanceof SymmetricEncIntegrityPacket encrypted)) {
                throw new IOException("isn't a message in the form that Bactrian writes");
            }
            encrypted.getInputStream().transferTo(OutputStream.nullOutputStream());
            if (packets.nextPacketTag() >= 0) {
                throw new IOException("has something after its end");
            }
        } catch (RuntimeException e) {
            throw new IOException("has invalid OpenPGP packets", e);
        }
        return new EncryptedMessage(readers);
    }
}
