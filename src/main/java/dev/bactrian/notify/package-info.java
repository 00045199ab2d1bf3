/** Who is told of backups that ended, and in which words. */
@NullMarked
package dev.bactrian.notify;

import org.jspecify.annotations.NullMarked;
