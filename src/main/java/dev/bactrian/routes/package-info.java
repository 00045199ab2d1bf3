/** Whether the route files, as users have edited them, can run: refused at the start, with file and line. */
@NullMarked
package dev.bactrian.routes;

import org.jspecify.annotations.NullMarked;
