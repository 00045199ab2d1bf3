package dev.bactrian.testing;

import dev.bactrian.cli.BactrianCommand;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A Java that runs one command line of Bactrian after another, as {@link WarmCommands} asks for them on its standard input. It
 * has nothing of the tests on its class path but this class.
 */
final class CommandHost {

    private CommandHost() {}

    public static void main(String[] none) throws Exception {
        DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream exits = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        PrintStream standardError = System.err;
        System.setIn(InputStream.nullInputStream());
        Map<String, String> environment = environment();
        Properties properties = (Properties) System.getProperties().clone();
        while (true) {
            try {
                Map<String, String> asked = new HashMap<>();
                for (int left = requests.readInt(); left > 0; left--) {
                    asked.put(requests.readUTF(), requests.readUTF());
                }
                environment.clear();
                environment.putAll(asked);
            } catch (EOFException e) {
                // The tests have ended; something that a command left may not have.
                Runtime.getRuntime().halt(0);
            }
            String[] arguments = new String[requests.readInt()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = requests.readUTF();
            }
            try (PrintStream out = to(requests.readUTF());
                    PrintStream err = to(requests.readUTF())) {
                System.setOut(out);
                System.setErr(err);
                exits.writeInt(BactrianCommand.execute(arguments));
            } finally {
                System.setOut(standardError);
                System.setErr(standardError);
                System.setProperties((Properties) properties.clone());
            }
        }
    }

    private static PrintStream to(String file) throws IOException {
        return new PrintStream(new FileOutputStream(file), true, Charset.defaultCharset());
    }

    /** What {@link System#getenv} shows, and what programs get that are started: Java itself has no way to change it. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> environment() throws ReflectiveOperationException {
        Field inner = Class.forName("java.util.Collections$UnmodifiableMap").getDeclaredField("m");
        inner.setAccessible(true);
        return (Map<String, String>) inner.get(System.getenv());
    }
}
