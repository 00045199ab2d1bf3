/** Who may call, and what may not be shown. */
@NullMarked
package dev.bactrian.http.security;

import org.jspecify.annotations.NullMarked;
