/** Tables that a backup takes over from an earlier archive, since their rows are proved to be the same (ADR 0058). */
@NullMarked
package dev.bactrian.dump.reuse;

import org.jspecify.annotations.NullMarked;
