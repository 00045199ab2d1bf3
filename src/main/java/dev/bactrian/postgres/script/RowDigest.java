package dev.bactrian.postgres.script;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * A digest of a table's rows that doesn't depend on their order: the sum modulo 2^64 of each row's XXH3-64 (seed 0) over
 * its COPY text line without the line break, as 16 hex digits. Two tables with the same rows have the same digest in
 * whatever order a server returns them.
 */
public final class RowDigest {

    /** How a manifest names it. */
    public static final String NAME = "sum-xxh3-64";

    private static final Hasher64 XXH3 = Hashing.xxh3_64();

    private final HashStream64 stream = XXH3.hashStream();
    private boolean begun;
    private long rows;
    private long sum;

    /** A row that is whole, or the rest of one begun by {@link #part}. */
    public void row(byte[] bytes, int offset, int length) {
        if (begun) {
            stream.putBytes(bytes, offset, length);
            sum += stream.getAsLong();
            stream.reset();
            begun = false;
        } else {
            sum += XXH3.hashBytesToLong(bytes, offset, length);
        }
        rows++;
    }

    /** A piece of a row whose end is yet to come. */
    public void part(byte[] bytes, int offset, int length) {
        stream.putBytes(bytes, offset, length);
        begun = true;
    }

    public long rows() {
        return rows;
    }

    /** Counts in the rows of another one. */
    public void add(RowDigest other) {
        rows += other.rows;
        sum += other.sum;
    }

    /** The digest of rows that were digested in portions, as {@link #hex} of each. */
    public static String sum(Stream<String> portions) {
        return HexFormat.of()
                .toHexDigits(portions.mapToLong(HexFormat::fromHexDigitsToLong).sum());
    }

    public String hex() {
        return HexFormat.of().toHexDigits(sum);
    }
}
