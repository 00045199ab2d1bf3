/** Settings: reading them from the environment and the properties file, and refusing wrong ones. */
@NullMarked
package dev.bactrian.config;

import org.jspecify.annotations.NullMarked;
