/** What tests start Bactrian by, in this process or one of its own, and what they back up and restore. */
package dev.bactrian.testing;
