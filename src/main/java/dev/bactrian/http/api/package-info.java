/** The HTTP API: requests, responses and problems. */
@NullMarked
package dev.bactrian.http.api;

import org.jspecify.annotations.NullMarked;
