package dev.bactrian.supabase.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One user of the file.
 *
 * @param line where it begins, from 1
 * @param id in lower case
 * @param json all of it
 */
record UserEntry(int line, String id, ObjectNode json, List<ObjectNode> identities, List<ObjectNode> factors) {

    /** What of it goes into a table. */
    List<ObjectNode> rows(String table) {
        return switch (table) {
            case AuthTable.USERS -> List.of(json);
            case AuthTable.IDENTITIES -> identities;
            default -> factors;
        };
    }
}
