/** Reading an archive: nothing in it is trusted until it was compared with its manifest. */
@NullMarked
package dev.bactrian.archive.read;

import org.jspecify.annotations.NullMarked;
