/** What a restore will do, worked out and refused before anything is written. */
@NullMarked
package dev.bactrian.restore.plan;

import org.jspecify.annotations.NullMarked;
