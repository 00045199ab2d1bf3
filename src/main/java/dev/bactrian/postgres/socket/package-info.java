/** Sockets for the JDBC driver: Unix sockets, IPv4 alone, and answers whose lengths are checked. */
@NullMarked
package dev.bactrian.postgres.socket;

import org.jspecify.annotations.NullMarked;
