/** The zip archive: written once, front to back, by several lanes; its manifest and names. */
@NullMarked
package dev.bactrian.archive;

import org.jspecify.annotations.NullMarked;
