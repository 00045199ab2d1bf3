package dev.bactrian.testing.keys;

import dev.bactrian.testing.TemporaryFiles;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server's certificate, made by the JDK's keytool.
 *
 * @param pem what a client has to trust: the certificate itself, or that of the authority that signed it
 */
public record Certificates(Path store, Path pem) {

    /**
     * One that is signed by itself.
     *
     * @param name what it is for, such as {@code ip:127.0.0.1} or {@code dns:example.com}
     */
    public static Certificates of(String name) {
        Certificates made = in(TemporaryFiles.folder("bactrian-certificate"));
        made.generate("server", "CN=S3 of the tests", "-ext", "san=" + name);
        made.export("server");
        return made;
    }

    /**
     * One that an authority has signed, which isn't shown.
     *
     * @param more options of keytool -genkeypair, such as when it begins
     */
    public static Certificates signed(String name, String... more) {
        Certificates made = in(TemporaryFiles.folder("bactrian-certificate"));
        made.generate("authority", "CN=Authority of the tests", "-ext", "bc:c");
        List<String> options = new ArrayList<>(List.of("-ext", "san=" + name, "-signer", "authority"));
        options.addAll(List.of(more));
        made.generate("server", "CN=S3 of the tests", options.toArray(new String[0]));
        made.export("authority");
        return made;
    }

    private static Certificates in(Path folder) {
        return new Certificates(folder.resolve("store.p12"), folder.resolve("trusted.pem"));
    }

    private void generate(String alias, String name, String... more) {
        List<String> words = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", name));
        words.addAll(List.of(more));
        Keytool.run(store, words);
    }

    private void export(String alias) {
        Keytool.run(store, List.of("-exportcert", "-rfc", "-alias", alias, "-file", pem.toString()));
    }

    /** For a server that shows it. */
    public PfxOptions keys() {
        return new PfxOptions()
                .setPath(store.toString())
                .setPassword(Keytool.PASSWORD)
                .setAlias("server");
    }
}
