/** Starts Bactrian: the Camel context with the routes of {@code routes/}, and the beans that they name. */
@NullMarked
package dev.bactrian.app;

import org.jspecify.annotations.NullMarked;
