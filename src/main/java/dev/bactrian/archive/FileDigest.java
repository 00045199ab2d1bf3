package dev.bactrian.archive;

/**
 * What the manifest says of an entry that belongs to no table.
 *
 * @param bytes of its content
 * @param sha256 of its content, in hexadecimal
 */
public record FileDigest(long bytes, String sha256) {}
