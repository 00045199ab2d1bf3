/** The format of an archive: its entries' names, its manifest, its keys in the store. */
@NullMarked
package dev.bactrian.archive;

import org.jspecify.annotations.NullMarked;
