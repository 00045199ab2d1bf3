/** What the service answers over HTTP, and what it lets in. */
@NullMarked
package dev.bactrian.http;

import org.jspecify.annotations.NullMarked;
