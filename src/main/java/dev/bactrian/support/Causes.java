package dev.bactrian.support;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An exception and its causes, from the outside in; one that causes itself ends after some rounds. */
public final class Causes {

    private static final int DEEPEST = 100;

    private Causes() {}

    /** All of them; none for no exception. */
    public static Stream<Throwable> of(@Nullable Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, Objects::nonNull, at -> Objects.requireNonNull(at)
                        .getCause())
                .limit(DEEPEST)
                .map(Objects::requireNonNull);
    }

    /** The outermost of a kind. */
    public static <T> Optional<T> first(@Nullable Throwable failure, Class<T> kind) {
        return of(failure).filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** The one that has no cause. */
    public static Throwable innermost(Throwable failure) {
        return of(failure).reduce(failure, (outer, inner) -> inner);
    }
}
