/** Values as JSON text. */
@NullMarked
package dev.bactrian.json;

import org.jspecify.annotations.NullMarked;
