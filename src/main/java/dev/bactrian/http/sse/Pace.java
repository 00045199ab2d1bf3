package dev.bactrian.http.sse;

import java.time.Duration;

/**
 * How a stream goes on.
 *
 * @param period between two questions
 * @param quiet after this long without an event a comment is sent: what stands between takes a silent connection for a dead one
 * @param longest life of a stream: a follower who is gone without a word keeps no place for longer
 */
record Pace(Duration period, Duration quiet, Duration longest) {}
