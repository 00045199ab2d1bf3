/** Text for people: how names and messages of others get into logs, terminals and messages without harm. */
@NullMarked
package dev.bactrian.text;

import org.jspecify.annotations.NullMarked;
