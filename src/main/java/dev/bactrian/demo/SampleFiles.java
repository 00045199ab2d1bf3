package dev.bactrian.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.sql.DataSource;

/** The bytes of the sample's files, made up from their names: small pictures, invoices and texts that can be opened. */
final class SampleFiles {

    private static final int SIDE = 40;
    private static final int CELL = 8;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private SampleFiles() {}

    /**
     * Puts them where an S3 server keeps its buckets, and their sizes and eTags into their rows.
     *
     * @param sample the sample database, as a superuser
     */
    static void make(DataSource sample, Path buckets) throws SQLException, IOException {
        try (Connection connection = sample.getConnection();
                Statement statement = connection.createStatement();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE storage.objects SET metadata = metadata"
                                + " || jsonb_build_object('eTag', ?::text, 'size', ?::int, 'contentLength', ?::int) WHERE id = ?")) {
            connection.setAutoCommit(false);
            // No trigger, which would set the time of the change.
            statement.execute("SET LOCAL session_replication_role = replica");
            try (ResultSet bucket = statement.executeQuery("SELECT id FROM storage.buckets")) {
                while (bucket.next()) {
                    Files.createDirectories(buckets.resolve(bucket.getString(1)));
                }
            }
            try (ResultSet row = statement.executeQuery(
                    "SELECT id, bucket_id, name, metadata ->> 'mimetype' FROM storage.objects")) {
                while (row.next()) {
                    byte[] content = content(row.getString(3), row.getString(4));
                    Path file = buckets.resolve(row.getString(2)).resolve(row.getString(3));
                    Files.createDirectories(file.getParent());
                    Files.write(file, content);
                    update.setString(1, "\"" + md5(content) + "\"");
                    update.setInt(2, content.length);
                    update.setInt(3, content.length);
                    update.setObject(4, row.getObject(1));
                    update.addBatch();
                }
            }
            update.executeBatch();
            connection.commit();
        }
    }

    private static byte[] content(String name, String type) throws IOException {
        return switch (type) {
            case "image/png" -> picture(name);
            case "application/pdf" -> page(name);
            default -> ("This is " + name + ".\n").getBytes(StandardCharsets.UTF_8);
        };
    }

    /** A symmetric pattern of one colour (PNG, ISO/IEC 15948: two colours of a palette, a bit for each pixel). */
    private static byte[] picture(String name) throws IOException {
        byte[] random = HexFormat.of().parseHex(md5(name.getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(lines)) {
            for (int y = 0; y < SIDE; y++) {
                deflated.write(0);
                for (int cell = 0; cell < SIDE / CELL; cell++) {
                    int column = Math.min(cell, SIDE / CELL - 1 - cell);
                    deflated.write((random[y / CELL] >> column & 1) == 0 ? 0 : 0xFF);
                }
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(PNG);
        chunk(png, "IHDR", new byte[] {0, 0, 0, SIDE, 0, 0, 0, SIDE, 1, 3, 0, 0, 0});
        chunk(png, "PLTE", new byte[] {(byte) 0xF0, (byte) 0xEC, (byte) 0xE0, random[13], random[14], random[15]});
        chunk(png, "IDAT", lines.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) throws IOException {
        byte[] typed = ByteBuffer.allocate(Integer.BYTES + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(typed);
        png.write(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
        png.write(typed);
        png.write(
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
    }

    /** A page with the name on it (PDF 1.4, ISO 32000-1); readers find its objects without a table of them. */
    private static byte[] page(String name) {
        String text = "BT /F1 24 Tf 72 720 Td (" + name.replaceAll("[^A-Za-z0-9/. -]", "?") + ") Tj ET";
        return ("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                        + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                        + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1"
                        + "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
                        + "4 0 obj<</Length " + text.length() + ">>stream\n" + text + "\nendstream endobj\n"
                        + "trailer<</Root 1 0 R>>\n%%EOF\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
