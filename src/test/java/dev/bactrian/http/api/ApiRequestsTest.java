package dev.bactrian.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bactrian.backup.BackupRequest;
import dev.bactrian.postgres.url.Database;
import dev.bactrian.postgres.url.Databases;
import dev.bactrian.selection.SelectionRequest;
import dev.bactrian.testing.SampleRun;
import java.util.List;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers send is refused unless it is exactly as openapi.yaml says. */
class ApiRequestsTest {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    private final ApiRequests requests = new ApiRequests(new Databases(
            List.of(new Database("default", SampleRun.DATABASE), new Database("prod", SampleRun.DATABASE))));

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  \n", "{}", " { } "})
    void nothingAskedForIsABackupOfTheDefaultDatabase(String body) {
        assertThat(requests.backup(exchange("application/json", body)))
                .isEqualTo(new BackupRequest("default", "api", null, null, null, null, null, null));
    }

    @Test
    void withoutATypeThereMayBeNoBody() {
        assertThat(requests.backup(exchange(null, null)).databases()).containsExactly("default");
        assertThat(refusal(null, "{}").status()).isEqualTo(415);
    }

    @Test
    void everyFieldIsTaken() {
        assertThat(
                        read(
                                """
                        {"database": "prod", "dispatch_id": "ci.4711:a_b-c", "source_repo": "acme/shop.js",
                         "event": "push", "ref": "refs/heads/ä b", "sha": "0123abcdef", "workflow_run_id": "99"}
                        """))
                .isEqualTo(new BackupRequest(
                        "prod", "api", "ci.4711:a_b-c", "acme/shop.js", "push", "refs/heads/ä b", "0123abcdef", "99"));
    }

    @Test
    void nullIsTheSameAsLeftOut() {
        assertThat(read("{\"database\": null, \"dispatch_id\": null}"))
                .isEqualTo(new BackupRequest("default", "api", null, null, null, null, null, null));
    }

    @Test
    void aTypeWithParametersIsJsonToo() {
        assertThat(requests.backup(exchange("application/json; charset=utf-8", "{\"database\": \"prod\"}"))
                        .databases())
                .containsExactly("prod");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "[]",
                "null",
                "7",
                "\"text\"",
                "not json",
                "{} {}",
                "{}x",
                "{\"database\": \"prod\", \"database\": \"default\"}",
                "{'database': 'prod'}",
                "{database: \"prod\"}",
                "{\"database\": \"prod\",}",
                "{\"database\": NaN}",
            })
    void whatIsNotOneJsonObjectIsRefused(String body) {
        ApiProblem problem = refusal("application/json", body);

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).isEqualTo("The body must be one JSON object, in UTF-8.");
    }

    @Test
    void aDeepBodyIsRefusedAndDoesNotOverflow() {
        assertThat(refusal("application/json", "{\"database\":" + "[".repeat(30_000))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "database        | \"Prod\"",
                "database        | \"\"",
                "database        | \"a-b\"",
                "database        | \"postgresql://u:p@h/d\"",
                "database        | 7",
                "database        | true",
                "database        | {}",
                "database        | [\"prod\"]",
                "dispatch_id     | \"\"",
                "dispatch_id     | \"a b\"",
                "dispatch_id     | \"a/b\"",
                "dispatch_id     | 4711",
                "source_repo     | \"../etc\\npasswd\"",
                "source_repo     | \"a/b/c\"",
                "source_repo     | \"/a\"",
                "event           | \"Push\"",
                "event           | \"push1\"",
                "ref             | \"\"",
                "ref             | \"a\\nb\"",
                "ref             | \"a\\u0000b\"",
                "sha             | \"012345\"",
                "sha             | \"0123ABCDEF\"",
                "sha             | \"0123abcdeg\"",
                "workflow_run_id | 99",
                "workflow_run_id | \"a\\tb\"",
            })
    void aFieldOfAnotherFormIsRefusedByName(String field, String value) {
        ApiProblem problem = refusal("application/json", "{\"" + field + "\": " + value + "}");

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).startsWith(field + " must be a string of the form ");
    }

    @Test
    void aFieldThatIsTooLongIsRefused() {
        assertThat(refusal("application/json", "{\"dispatch_id\": \"" + "a".repeat(101) + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(read("{\"dispatch_id\": \"" + "a".repeat(100) + "\"}").dispatchId())
                .hasSize(100);
    }

    @Test
    void aPartOfTheDatabaseIsAskedForByPatterns() {
        assertThat(read("{\"schemas\": [\"a*\", \"\\\"B\\\"\"], \"exclude\": [\"a.b\"], \"tables\": null}")
                        .part())
                .isEqualTo(new SelectionRequest(List.of("a*", "\"B\""), null, null, List.of("a.b"), null));
        assertThat(read("{\"tables\": null}").part()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"schemas\": \"a\"                    | schemas must be a list of 1 to 100 patterns",
                "\"schemas\": []                       | schemas must be a list of 1 to 100 patterns",
                "\"schemas\": {\"a\": \"b\"}            | schemas must be a list of 1 to 100 patterns",
                "\"tables\": [7]                       | tables must be a list of 1 to 100 patterns",
                "\"tables\": [null]                    | tables must be a list of 1 to 100 patterns",
                "\"tables\": [\"\"]                     | tables must be a list of 1 to 100 patterns",
                "\"exclude\": [\"\\ud800\"]              | exclude must be a list of 1 to 100 patterns",
                "\"exclude_schemas\": [\"a.b\"]         | The pattern a.b has a dot",
                "\"exclude_table_data\": [\"a.b.c\"]    | more than one dot",
                "\"exclude\": [\"\\\"open\"]             | a double quote that isn't closed",
                "\"tables\": [\"a\\nb\"]                | a control character"
            })
    void whatCannotBeAPatternIsRefused(String field, String detail) {
        ApiProblem problem = refusal("application/json", "{" + field + "}");

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).contains(detail);
    }

    @Test
    void patternsAreBoundedInNumberAndLength() {
        String many = "\"a\",".repeat(101).replaceAll(",$", "");

        assertThat(refusal("application/json", "{\"exclude\": [" + many + "]}").detail())
                .startsWith("exclude must be a list of 1 to 100");
        assertThat(refusal("application/json", "{\"exclude\": [\"" + "a".repeat(257) + "\"]}")
                        .detail())
                .contains("256");
    }

    @Test
    void anUnknownFieldIsRefusedBecauseItMayMatter() {
        ApiProblem problem = refusal("application/json", "{\"databse\": \"prod\"}");

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail())
                .contains(
                        "Known are: database, databases, dispatch_id, environment, event, exclude, exclude_schemas, exclude_table_data, ref, "
                                + "schemas, sha, source_repo, tables, workflow_run_id.")
                .doesNotContain("databse");
    }

    @Test
    void aDatabaseThatIsNotConfiguredIsRefusedWithThoseThatAre() {
        assertThat(refusal("application/json", "{\"database\": \"other\"}").detail())
                .isEqualTo("There is no database other. Configured are: default, prod.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"})
    void anotherTypeIsRefusedWithoutALookInside(String type) {
        assertThat(refusal(type, "{\"database\": \"prod\"}").status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPLICATION/JSON", "Application/Json; Charset=UTF-8"})
    void typesAreTheSameInCapitals(String type) {
        assertThat(requests.backup(exchange(type, "{\"database\": \"prod\"}")).databases())
                .containsExactly("prod");
    }

    @Test
    void severalDatabasesAreNamedOnceEach() {
        assertThat(read("{\"databases\": [\"prod\", \"default\", \"prod\"]}").databases())
                .containsExactly("prod", "default");
        assertThat(read("{\"databases\": null}").databases()).containsExactly("default");
        assertThat(read("{\"environment\": \"prod\"}").databases()).containsExactly("prod");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"databases\": []}                                 | databases must be a list of names",
                "{\"databases\": \"prod\"}                           | databases must be a list of names",
                "{\"databases\": [7]}                                | databases must be a list of names",
                "{\"databases\": [\"prod\", \"Prod\"]}               | databases must be a list of names",
                "{\"databases\": [\"prod\", \"other\"]}              | There is no database other.",
                "{\"environment\": \"test\"}                         | environment must be",
                "{\"environment\": 1}                                | environment must be",
                "{\"environment\": \"both\"}                         | There is no database dev.",
                "{\"environment\": \"prod\", \"database\": \"prod\"} | both database and environment",
            })
    void databasesThatCannotBeMeantAreRefused(String body, String detail) {
        assertThat(refusal("application/json", body).detail()).contains(detail);
    }

    /** A request's body may hold anything, and answers are logged. */
    @Test
    void noAnswerQuotesTheBody() {
        for (String body : new String[] {"{\"hush\": 1}", "{\"database\": \"HUSH hush\"}", "{\"hush", "\"hush\""}) {
            assertThat(refusal("application/json", body).json()).doesNotContainIgnoringCase("hush");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2",
                "0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a ",
                "0b7a2f6e6a524d7c9f0e0a8d3f6c1b2a",
                "gb7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a",
                "../../etc/passwd",
                "'; DROP TABLE x"
            })
    void anIdThatIsNoUuidIsRefused(String id) {
        ApiProblem problem =
                catchThrowableOfType(ApiException.class, () -> requests.id(id)).problem();

        assertThat(problem.status()).isEqualTo(400);
    }

    @Test
    void anIdIsFoundWhateverItsCapitals() {
        UUID id = UUID.fromString("0b7a2f6e-6a52-4d7c-9f0e-0a8d3f6c1b2a");

        assertThat(requests.id(id.toString())).isEqualTo(id);
        assertThat(requests.id(id.toString().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(id);
    }

    private BackupRequest read(String body) {
        return requests.backup(exchange("application/json", body));
    }

    private ApiProblem refusal(String type, String body) {
        return catchThrowableOfType(ApiException.class, () -> requests.backup(exchange(type, body)))
                .problem();
    }

    private static Exchange exchange(String type, String body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(body);
        if (type != null) {
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
        }
        return exchange;
    }
}
