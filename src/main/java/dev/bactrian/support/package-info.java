/** Text, JSON, streams, units: small things that every package may use. */
@NullMarked
package dev.bactrian.support;

import org.jspecify.annotations.NullMarked;
