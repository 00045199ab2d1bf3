package dev.bactrian.testing.stores;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Archives as somebody else might make them: good zips with one thing changed, or several. */
public final class ZipEdits {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Entry> entries = new ArrayList<>();

    /** An entry with its content. */
    public record Entry(String name, byte[] content) {}

    private ZipEdits() {}

    /** Unpacks one. */
    public static ZipEdits of(byte[] archive) {
        ZipEdits edits = new ZipEdits();
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(archive))
                .get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
                edits.entries.add(
                        new Entry(entry.getName(), zip.getInputStream(entry).readAllBytes()));
            }
            return edits;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    public String text(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .map(entry -> new String(entry.content(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    public ZipEdits add(String name, String content) {
        entries.add(new Entry(name, content.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** Adds one that the manifest names among its files. */
    public ZipEdits addFile(String name, String content) {
        return add(name, content).manifest(tree -> ((ObjectNode) tree.path("files"))
                .putObject(name)
                .put("bytes", content.getBytes(StandardCharsets.UTF_8).length)
                .put("sha256", sha256(content)));
    }

    public ZipEdits remove(String name) {
        entries.removeIf(entry -> entry.name().equals(name));
        return this;
    }

    public ZipEdits change(String name, UnaryOperator<String> change) {
        String changed = change.apply(text(name));
        entries.replaceAll(
                entry -> entry.name().equals(name) ? new Entry(name, changed.getBytes(StandardCharsets.UTF_8)) : entry);
        return this;
    }

    public ZipEdits manifest(Consumer<ObjectNode> change) {
        return change("manifest.json", text -> {
            try {
                ObjectNode tree = (ObjectNode) JSON.readTree(text);
                change.accept(tree);
                return JSON.writeValueAsString(tree);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Changes a table's rows, and makes the manifest say that they were so. */
    public ZipEdits rows(String schema, String table, UnaryOperator<String> change) {
        String name = "db/" + schema + "/tables/" + table + "/data.sql";
        change(name, change);
        return manifest(tree -> {
            ObjectNode part = table(tree, schema, table);
            part.put("sha256", sha256(text(name)));
            part.put("bytes", text(name).length());
            part.remove("row_digest_kind");
        });
    }

    /** A table's part of a manifest. */
    public static ObjectNode table(ObjectNode manifest, String schema, String name) {
        for (JsonNode table : manifest.path("tables")) {
            if (table.path("schema").asText().equals(schema)
                    && table.path("name").asText().equals(name)) {
                return (ObjectNode) table;
            }
        }
        throw new AssertionError("no table " + schema + "." + name);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A zip without a fault of its own. */
    public byte[] zip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            for (Entry entry : entries) {
                zip.putArchiveEntry(new RawName(entry.name()));
                zip.write(entry.content());
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The library would turn backslashes. */
    private static final class RawName extends ZipArchiveEntry {
        private final String raw;

        RawName(String name) {
            super("x");
            raw = name;
        }

        @Override
        public String getName() {
            return raw == null ? super.getName() : raw;
        }
    }
}
