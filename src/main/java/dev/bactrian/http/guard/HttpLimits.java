package dev.bactrian.http.guard;

import java.time.Duration;

/**
 * What one HTTP server takes. No limit cuts an answer: a download or a stream of events lasts as long as its reader reads.
 *
 * @param connections open at once
 * @param connectionsOfOne the same, of one address; a proxy's counts as one
 * @param line bytes of a request line
 * @param head bytes of a request's head, its line included
 * @param body bytes of a body
 * @param headTime from the first byte of a head, or from the connection, to the head's end
 * @param bodyTime from a head's end to its body's end
 * @param idleTime between an answer and the next request
 * @param stallTime without a byte of an answer taken by its reader
 */
record HttpLimits(
        int connections,
        int connectionsOfOne,
        int line,
        int head,
        int body,
        Duration headTime,
        Duration bodyTime,
        Duration idleTime,
        Duration stallTime) {

    /** Of both servers. Proxies keep a connection for 60 seconds, and must be the ones who end it. */
    static final HttpLimits USUAL = new HttpLimits(
            512,
            256,
            4096,
            8192,
            4 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60));
}
