/** Signatures of manifests: Ed25519 (RFC 8032), by the JDK alone. */
@NullMarked
package dev.bactrian.signing;

import org.jspecify.annotations.NullMarked;
