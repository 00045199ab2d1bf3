/** What a backup includes and leaves out: patterns, where they come from, and what they come to in one database. */
@NullMarked
package dev.bactrian.selection;

import org.jspecify.annotations.NullMarked;
