/** Writing an archive: one zip, written once, front to back, by several workers. */
@NullMarked
package dev.bactrian.archive.write;

import org.jspecify.annotations.NullMarked;
