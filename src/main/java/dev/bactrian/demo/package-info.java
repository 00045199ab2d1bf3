/** The demonstration: an embedded PostgreSQL, a sample database and an embedded S3 server. */
@NullMarked
package dev.bactrian.demo;

import org.jspecify.annotations.NullMarked;
