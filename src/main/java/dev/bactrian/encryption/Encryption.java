package dev.bactrian.encryption;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.Security;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.converter.crypto.PGPKeyAccessDataFormat;
import org.apache.camel.converter.crypto.PGPPublicKeyAccessor;
import org.apache.camel.support.DefaultExchange;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Camel's PGP data format for streams without an end in sight: AES-256 with integrity protection, uncompressed since
 * archives are compressed, in packets of partial length (RFC 9580, 4.2.1.4 and 5.13.1). Any OpenPGP program can read it.
 */
public final class Encryption {

    private final Recipients recipients;
    private final PGPKeyAccessDataFormat format = new PGPKeyAccessDataFormat();

    public Encryption(Recipients recipients) {
        this.recipients = recipients;
        format.setPublicKeyAccessor(new Keys());
        // The format asks for names of keys and hands them to whoever gives out the keys: all of them, here.
        format.setKeyUserid("all");
        format.setAlgorithm(SymmetricKeyAlgorithmTags.AES_256);
        format.setIntegrity(true);
        // The JDK's AES uses the processor's, Bouncy Castle's doesn't; that one is needed for the keys of recipients.
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(SecretKeys.PROVIDER);
        }
        format.setProvider(SecretKeys.FAST_AES);
        format.setWithCompressedDataPacket(false);
        format.start();
    }

    public Recipients recipients() {
        return recipients;
    }

    /**
     * Reads a stream to its end and writes it encrypted. Both are closed at the end, also after a failure, and then what
     * was written looks whole: whoever reads it must be told by other means that it isn't.
     *
     * @param name that the file inside gets
     */
    public void encrypt(InputStream plain, String name, OutputStream encrypted, CamelContext camel) throws Exception {
        Exchange own = new DefaultExchange(camel);
        own.getIn().setHeader(Exchange.FILE_NAME, name);
        format.marshal(own, plain, encrypted);
    }

    private final class Keys implements PGPPublicKeyAccessor {
        @Override
        public List<PGPPublicKey> getEncryptionKeys(Exchange exchange, List<String> names) {
            return recipients.keys();
        }

        @Override
        public @Nullable PGPPublicKey getPublicKey(Exchange exchange, long keyId, List<String> names) {
            return null;
        }
    }
}
