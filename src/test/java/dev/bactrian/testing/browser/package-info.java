/** A real browser, and checks of the page in it. */
package dev.bactrian.testing.browser;
