package dev.bactrian.restore;

import java.util.ArrayList;
import java.util.List;

/**
 * Things of which some may need others in a way that no catalog tells: what fails is tried again while one succeeds. When
 * none does any more, they are tried by other means, until one succeeds by these.
 *
 * @param <T> what is tried; equal ones are the same
 */
public final class Rounds<T> {

    private final List<T> open;
    private int begun;
    private boolean otherMeans;
    private boolean progress;

    public Rounds(List<T> all) {
        this.open = new ArrayList<>(all);
    }

    /** Whether another round may help. */
    public boolean isOpen() {
        return !open.isEmpty() && (progress || !otherMeans);
    }

    /** Begins a round: what is to be tried in it, one after another. */
    public List<T> next() {
        otherMeans = begun > 0 && !progress;
        progress = false;
        begun++;
        return List.copyOf(open);
    }

    public boolean isFirst() {
        return begun == 1;
    }

    /** Whether this round is one by other means. */
    public boolean isByOtherMeans() {
        return otherMeans;
    }

    /** Whether the rest of this round waits, since the usual means may do again. */
    public boolean isPassedOver() {
        return otherMeans && progress;
    }

    public void succeeded(T one) {
        open.remove(one);
        progress = true;
    }

    /** What hasn't succeeded. */
    public List<T> left() {
        return List.copyOf(open);
    }
}
