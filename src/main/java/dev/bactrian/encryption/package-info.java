/** OpenPGP (RFC 9580): archives that only those can read for whom they are encrypted. Knows nothing of archives. */
@NullMarked
package dev.bactrian.encryption;

import org.jspecify.annotations.NullMarked;
