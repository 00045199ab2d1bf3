/** The web page's files. */
@NullMarked
package dev.bactrian.page;

import org.jspecify.annotations.NullMarked;
