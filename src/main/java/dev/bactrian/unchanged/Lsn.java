package dev.bactrian.unchanged;

/** Places in a server's log as text, such as {@code 16/B374D848} (PostgreSQL manual, "pg_lsn Type"). */
final class Lsn {

    private static final int HALF = 32;
    private static final int HEXADECIMAL = 16;

    private Lsn() {}

    static boolean isOne(String text) {
        return text.matches("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    }

    /** Whether one comes before another; both must be places. */
    static boolean isBefore(String one, String other) {
        return Long.compareUnsigned(number(one), number(other)) < 0;
    }

    private static long number(String text) {
        String[] halves = text.split("/", -1);
        return Long.parseLong(halves[0], HEXADECIMAL) << HALF | Long.parseLong(halves[1], HEXADECIMAL);
    }
}
