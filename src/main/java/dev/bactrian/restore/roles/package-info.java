/** Roles and memberships of an archive, for one target. */
@NullMarked
package dev.bactrian.restore.roles;

import org.jspecify.annotations.NullMarked;
