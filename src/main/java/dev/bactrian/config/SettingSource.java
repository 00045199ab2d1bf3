package dev.bactrian.config;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Where settings come from: the environment first, then the properties file. A blank value counts as not set. */
public final class SettingSource {

    private final Map<String, String> values;

    private SettingSource(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Layers an environment over a properties file.
     *
     * @param file need not exist
     * @throws UncheckedIOException when the file exists and can't be read
     */
    public static SettingSource of(Map<String, String> environment, Path file) {
        Map<String, String> values = new HashMap<>();
        if (Files.exists(file)) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        }
        environment.forEach((name, value) -> {
            if (!value.isBlank()) {
                values.put(name, value);
            }
        });
        values.values().removeIf(String::isBlank);
        return new SettingSource(values);
    }

    /** These values alone, without a file. */
    public static SettingSource of(Map<String, String> values) {
        return of(values, Path.of("no-such-file"));
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip);
    }

    /**
     * A secret: its value, or the content of the file that {@code <name>_FILE} names, without its last line break.
     *
     * @throws IllegalArgumentException when both are set, or the file can't be read
     */
    Optional<String> secret(String name) {
        Optional<byte[]> bytes = secretBytes(name);
        try {
            return bytes.isEmpty()
                    ? Optional.empty()
                    : Optional.of(text(bytes.get()).strip()).filter(value -> !value.isEmpty());
        } catch (CharacterCodingException e) {
            throw unreadable(name, e);
        }
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private IllegalArgumentException unreadable(String name, IOException why) {
        return new IllegalArgumentException(
                "can't be read from the file that " + name + "_FILE names ("
                        + get(name + "_FILE").orElse("") + "). Check that it exists and that this user may read it.",
                why);
    }

    /** As {@link #secret}, for what needn't be text in its file. */
    Optional<byte[]> secretBytes(String name) {
        Optional<String> file = get(name + "_FILE");
        if (file.isEmpty()) {
            return get(name).map(value -> value.getBytes(StandardCharsets.UTF_8));
        }
        if (get(name).isPresent()) {
            throw new IllegalArgumentException("is set, and so is " + name + "_FILE. Keep one of the two.");
        }
        try {
            return Optional.of(Files.readAllBytes(Path.of(file.get())));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** All names that start with a prefix, without {@code _FILE} at their end, sorted. */
    Set<String> namesStartingWith(String prefix) {
        Set<String> names = new TreeSet<>();
        for (String name : values.keySet()) {
            String plain = name.replaceFirst("_FILE$", "");
            if (plain.startsWith(prefix) && plain.length() > prefix.length()) {
                names.add(plain);
            }
        }
        return names;
    }
}
