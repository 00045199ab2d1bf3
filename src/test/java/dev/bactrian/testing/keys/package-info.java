/** Certificates, and keys for encryption and signatures. */
package dev.bactrian.testing.keys;
