package dev.bactrian.restore;

import org.jspecify.annotations.Nullable;

/**
 * Something of the archive that couldn't be applied to the target.
 *
 * @param what it is, as a person would name it, for example {@code role "app"}
 * @param reason why it couldn't be applied, as one sentence
 * @param sql what a person may run by hand to make up for it, or null when nothing can be run. Never holds a password or
 *     its hash: where one belongs it says {@code PASSWORD '***'} and that db/roles.sql has it
 */
public record NotApplied(String what, String reason, @Nullable String sql) {}
