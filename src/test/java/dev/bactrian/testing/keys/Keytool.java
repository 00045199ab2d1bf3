package dev.bactrian.testing.keys;

import dev.bactrian.testing.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK's keytool on a store in PKCS #12. */
final class Keytool {

    static final String PASSWORD = "password";

    private Keytool() {}

    static void run(Path store, List<String> arguments) {
        // As all Java of the tests that lives briefly: most of it is its start.
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
        words.addAll(arguments);
        words.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Run run = Run.program(words);
        if (run.exit() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + run.out() + run.err());
        }
    }
}
