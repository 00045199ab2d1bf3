/** Amazon S3 and servers that speak its protocol; the only package that knows the AWS SDK. */
@NullMarked
package dev.bactrian.store;

import org.jspecify.annotations.NullMarked;
