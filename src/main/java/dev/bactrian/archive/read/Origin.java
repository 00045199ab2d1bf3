package dev.bactrian.archive.read;

import org.jspecify.annotations.Nullable;

/**
 * Where an archive comes from, as far as that is known.
 *
 * @param asked whether there was a history to ask
 * @param recorded whether the history knows it, and it is what the history says
 * @param signer public half of the key that its manifest is signed by, one of those that are trusted here; null for none
 * @param moved whether its manifest names another key than the one it lies under
 */
public record Origin(boolean asked, boolean recorded, @Nullable String signer, boolean moved) {

    /** Whether somebody vouches for it. */
    public boolean isKnown() {
        return recorded || signer != null;
    }
}
