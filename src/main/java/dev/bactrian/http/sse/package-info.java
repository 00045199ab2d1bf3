/** Routes that are asked again and again for somebody who follows over HTTP, and told to him as server-sent events. */
@NullMarked
package dev.bactrian.http.sse;

import org.jspecify.annotations.NullMarked;
