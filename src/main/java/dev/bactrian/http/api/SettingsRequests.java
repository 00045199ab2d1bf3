package dev.bactrian.http.api;

import static dev.bactrian.schedule.SettingsAtRunTime.BACKUP_ENABLED;
import static dev.bactrian.schedule.SettingsAtRunTime.RETENTION;
import static dev.bactrian.schedule.SettingsAtRunTime.SCHEDULE;
import static dev.bactrian.schedule.SettingsAtRunTime.TIMEZONE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bactrian.config.Cron;
import dev.bactrian.config.RetentionRules;
import dev.bactrian.config.ScheduleSettings;
import dev.bactrian.postgres.url.Databases;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;

/** Reads and checks changes of settings: all of a request, before any of it is kept. */
public final class SettingsRequests {

    private static final String SCHEDULES = "schedules";
    private static final Set<String> FIELDS = new TreeSet<>(Set.of(BACKUP_ENABLED, RETENTION, SCHEDULES, TIMEZONE));

    private final Databases databases;

    public SettingsRequests(Databases databases) {
        this.databases = databases;
    }

    /** The body of {@code PUT /api/settings}, as a JSON object of what is to be kept under which key. */
    public String changes(Exchange exchange) {
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        JsonNode body = JsonBody.of(exchange.getMessage());
        Fields.requireKnown(body, FIELDS);
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case BACKUP_ENABLED -> changes.put(BACKUP_ENABLED, Fields.requireFlag(BACKUP_ENABLED, value));
                case TIMEZONE -> changes.set(TIMEZONE, zone(value));
                case RETENTION -> changes.set(RETENTION, retention(value));
                default -> schedules(value, changes);
            }
        }
        if (changes.isEmpty()) {
            throw ApiException.badRequest("The body changes nothing. Send one or more of: " + String.join(", ", FIELDS)
                    + ", for example {\"backup_enabled\": false}.");
        }
        return changes.toString();
    }

    private static JsonNode zone(JsonNode value) {
        if (!value.isTextual()) {
            throw ApiException.badRequest(TIMEZONE + " must be the name of a time zone, such as UTC or Europe/Berlin.");
        }
        try {
            ScheduleSettings.zone(value.textValue());
            return value;
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(TIMEZONE + " " + e.getMessage());
        }
    }

    /** Null keeps everything, as no rule does. */
    private static JsonNode retention(JsonNode value) {
        try {
            return value.isNull()
                    ? JsonNodeFactory.instance.objectNode()
                    : RetentionRules.fromJson(value.toString()).toTree();
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private void schedules(JsonNode value, ObjectNode changes) {
        if (!value.isObject()) {
            throw ApiException.badRequest(SCHEDULES
                    + " must be an object that maps database names to cron expressions, or to null for no schedule.");
        }
        for (Map.Entry<String, JsonNode> schedule : value.properties()) {
            String database = schedule.getKey();
            if (databases.find(database).isEmpty()) {
                throw ApiException.badRequest(SCHEDULES + " names a database that isn't configured. Configured are: "
                        + String.join(", ", databases.names()) + ".");
            }
            changes.set(SCHEDULE + database, cron(SCHEDULES + "." + database, schedule.getValue()));
        }
    }

    private static JsonNode cron(String name, JsonNode value) {
        try {
            if (value.isTextual()) {
                Cron.of(value.textValue());
            } else if (!value.isNull()) {
                throw new IllegalArgumentException("must be a string, or null for no schedule. " + Cron.FORM);
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(name + " " + e.getMessage());
        }
    }
}
