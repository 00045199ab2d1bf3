/** Real servers, started for the tests and stopped again, and relays that watch or disturb what goes to them. */
package dev.bactrian.testing.servers;
