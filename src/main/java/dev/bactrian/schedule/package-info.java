/** When backups are made without anybody asking, and the settings that users change at run time. */
@NullMarked
package dev.bactrian.schedule;

import org.jspecify.annotations.NullMarked;
