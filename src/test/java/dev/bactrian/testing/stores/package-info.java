/** S3 stores whose faults a test scripts, and the archives in them, to read or to damage. */
package dev.bactrian.testing.stores;
