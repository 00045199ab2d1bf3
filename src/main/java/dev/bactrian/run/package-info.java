/** Something that runs: its progress, its folder, what its steps have done, and how it is stopped. */
@NullMarked
package dev.bactrian.run;

import org.jspecify.annotations.NullMarked;
