/** The HTTP API's requests, answers and problems. */
@NullMarked
package dev.bactrian.web;

import org.jspecify.annotations.NullMarked;
