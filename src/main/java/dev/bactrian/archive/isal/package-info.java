/** Intel's ISA-L: deflate and its reverse, several times as fast as the JDK's. */
@NullMarked
package dev.bactrian.archive.isal;

import org.jspecify.annotations.NullMarked;
