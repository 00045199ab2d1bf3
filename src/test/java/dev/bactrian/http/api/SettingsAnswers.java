package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bactrian.testing.BactrianService;
import java.net.http.HttpResponse;
import java.util.List;

/** Answers about settings, and about what retention would delete. */
final class SettingsAnswers extends ContractCases {

    static void given() {
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', '\"maybe\"'),"
                + " ('schedule.default', '7'), ('retention', '{\"keep_last\": 0}')");
        look("GET", "/api/settings", service.send("GET", "/api/settings", null));
        control.run("DELETE FROM system_settings_kv");
        control.run("INSERT INTO system_settings_kv (key, value) VALUES ('backup_enabled', 'true')");
        look("GET", "/api/settings", service.send("GET", "/api/settings", null));
        look(
                "PUT",
                "/api/settings",
                service.send(
                        "PUT",
                        "/api/settings",
                        "{\"timezone\": \"Europe/Berlin\", \"schedules\": {\"default\": \"0 0 2 * * ?\", \"empty\": null}, "
                                + "\"retention\": {\"keep_daily\": 7}}"));
        for (String query : List.of("", "?force=true")) {
            look(
                    "PUT",
                    "/api/settings",
                    service.send("PUT", "/api/settings" + query, "{\"retention\": {\"keep_last\": 1}}"));
        }
        look("GET", PLAN, service.send("GET", PLAN, null));
        look("GET", PLAN, service.send("GET", PLAN + "?database=default&keep_last=1", null));
        for (String wrong : List.of("keep_last=0", "keep_last=two", "keep_lost=1", "database=elsewhere")) {
            HttpResponse<String> refused = service.send("GET", PLAN + "?" + wrong, null);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            look("GET", PLAN, refused);
        }
        look("PUT", "/api/settings", service.send("PUT", "/api/settings", "{\"timezone\": \"Mars\"}"));
        look("PUT", "/api/settings", service.send("PUT", "/api/settings", BIG));
        look("PUT", "/api/settings", typed(BactrianService.API_KEY, "PUT", "/api/settings", "text/plain", "on"));
        control.run("DELETE FROM system_settings_kv");
    }
}
