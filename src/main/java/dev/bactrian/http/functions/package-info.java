/** What dashboards, workers and GitHub call: {@code /functions/v1} and {@code /hooks/github}. */
@NullMarked
package dev.bactrian.http.functions;

import org.jspecify.annotations.NullMarked;
