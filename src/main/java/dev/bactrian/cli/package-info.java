/** The command line. */
@NullMarked
package dev.bactrian.cli;

import org.jspecify.annotations.NullMarked;
