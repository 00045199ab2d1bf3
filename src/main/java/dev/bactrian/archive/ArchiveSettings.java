package dev.bactrian.archive;

import java.util.Set;

/**
 * What an archive holds and how it is made.
 *
 * @param formats in which a database is saved; {@link Format#TABLES} always
 * @param compressionLevel 1, the fastest, to 9
 * @param spool bytes of compressed data that may wait in the work folder for their turn
 * @param splitAbove bytes on the server's disk above which a table's rows are read in ranges; 0 for never
 * @param fullEvery in one of so many backups all tables are read, and in the others those that may have changed; 0 for always all
 */
public record ArchiveSettings(
        Set<Format> formats, Compressor compressor, int compressionLevel, long spool, long splitAbove, int fullEvery) {

    public ArchiveSettings {
        formats = Set.copyOf(formats);
    }

    /** What can be in an archive. */
    public enum Format {
        /** A schema.sql and a data.sql per table. */
        TABLES,
        /** Besides, a custom-format dump per schema. */
        DUMP,
        /** Besides, one script of the whole database. */
        SQL
    }

    /** What compresses. */
    public enum Compressor {
        /** ISA-L where this machine has it, else the JDK's zlib. */
        AUTO,
        ISAL,
        ZLIB
    }
}
