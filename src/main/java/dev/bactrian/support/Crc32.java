package dev.bactrian.support;

/**
 * The CRC-32 of bytes that follow each other, from those of the pieces: of the zip's kind (polynomial 0xEDB88320, ITU-T V.42), as
 * {@link java.util.zip.CRC32} has it. Zeros behind a piece change its CRC by a matrix over two numbers, 0 and 1, whatever the
 * piece is; the matrix for twice as many zeros is the matrix times itself (M. Adler's {@code crc32_combine} in zlib).
 */
public final class Crc32 {

    private static final int BITS = 32;
    private static final long POLYNOMIAL = 0xEDB88320L;

    private Crc32() {}

    /**
     * Of two pieces together.
     *
     * @param first CRC-32 of the first piece
     * @param second of the one behind it
     * @param length bytes of the second
     */
    public static long combine(long first, long second, long length) {
        if (length <= 0) {
            return first;
        }
        long[] zeros = oneZeroBit();
        for (int bits = 1; bits < Byte.SIZE; bits *= 2) {
            zeros = square(zeros);
        }
        long crc = first;
        for (long bytes = length; bytes > 0; bytes >>= 1) {
            if ((bytes & 1) == 1) {
                crc = times(zeros, crc);
            }
            zeros = square(zeros);
        }
        return crc ^ second;
    }

    private static long[] oneZeroBit() {
        long[] matrix = new long[BITS];
        matrix[0] = POLYNOMIAL;
        for (int bit = 1; bit < BITS; bit++) {
            matrix[bit] = 1L << (bit - 1);
        }
        return matrix;
    }

    private static long[] square(long[] matrix) {
        long[] square = new long[BITS];
        for (int bit = 0; bit < BITS; bit++) {
            square[bit] = times(matrix, matrix[bit]);
        }
        return square;
    }

    private static long times(long[] matrix, long vector) {
        long sum = 0;
        for (int bit = 0; vector >> bit != 0; bit++) {
            if ((vector >> bit & 1) == 1) {
                sum ^= matrix[bit];
            }
        }
        return sum;
    }
}
