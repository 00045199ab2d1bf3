/** How the HTTP servers take requests in, before any route: by the letter of HTTP, and within limits of time, size and number. */
@NullMarked
package dev.bactrian.http.guard;

import org.jspecify.annotations.NullMarked;
