/** The web page's files. */
@NullMarked
package dev.bactrian.http.page;

import org.jspecify.annotations.NullMarked;
