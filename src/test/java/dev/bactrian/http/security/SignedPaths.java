package dev.bactrian.http.security;

import dev.bactrian.testing.BactrianService;
import java.time.Duration;
import java.time.Instant;

/** Paths of links as a service of the tests signs them. */
public final class SignedPaths {

    private SignedPaths() {}

    /** To a backup, ended where the duration is below zero. */
    public static String of(String id, Duration valid) {
        return new DownloadLinks(BactrianService.API_KEY, null)
                .path(id, Instant.now().plus(valid).getEpochSecond());
    }
}
