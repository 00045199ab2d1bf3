/** What streams of this project have in common. */
@NullMarked
package dev.bactrian.stream;

import org.jspecify.annotations.NullMarked;
