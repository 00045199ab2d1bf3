package dev.bactrian.postgres.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every form of address that Supabase gives out is known, and what can't work is told with the address that does. */
class SupabaseAddressTest {

    private static final String REF = "abcdefghijklmnopqrst";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "db.REF.supabase.co                      | 5432 | postgres            | DIRECT             | postgres  | REF | ''",
                "DB.REF.Supabase.CO                      | 5432 | postgres            | DIRECT             | postgres  | REF | ''",
                "db.REF-rr-us-east-1-jkjqy.supabase.co   | 5432 | postgres            | DIRECT             | postgres  | REF-rr-us-east-1-jkjqy | ''",
                "db.REF.supabase.co                      | 6543 | postgres            | DEDICATED_POOLER   | postgres  | REF | ''",
                "aws-0-eu-west-1.pooler.supabase.com     | 5432 | postgres.REF        | SESSION_POOLER     | postgres  | REF | eu-west-1",
                "aws-1-us-east-2.pooler.supabase.com     | 5432 | backup.REF          | SESSION_POOLER     | backup    | REF | us-east-2",
                "aws-1-us-east-2.pooler.supabase.com     | 5432 | the.backup.REF      | SESSION_POOLER     | the.backup| REF | us-east-2",
                "aws-0-eu-west-1.pooler.supabase.com     | 6543 | postgres.REF        | TRANSACTION_POOLER | postgres  | REF | eu-west-1",
                "other.pooler.supabase.com               | 5432 | postgres.REF        | SESSION_POOLER     | postgres  | REF | ''",
                "aws-0-eu-west-1.pooler.supabase.com     | 5432 | postgres            | SESSION_POOLER     | postgres  | ''  | eu-west-1",
                "REF.supabase.co                         | 5432 | postgres            | NO_DATABASE        | postgres  | REF | ''",
                "api.supabase.com                        | 5432 | postgres            | NO_DATABASE        | postgres  | ''  | ''",
                "db.example.com                          | 5432 | postgres.tenant     | NONE               | postgres.tenant | '' | ''",
                "127.0.0.1                               | 6543 | postgres.tenant     | NONE               | postgres.tenant | '' | ''",
                "notsupabase.co                          | 5432 | postgres            | NONE               | postgres  | ''  | ''",
                "db.REF.supabase.co.example.com          | 5432 | postgres            | NONE               | postgres  | ''  | ''",
            })
    void everyFormIsRecognised(
            String host, int port, String user, SupabaseAddress.Kind kind, String role, String ref, String region) {
        DatabaseUrl url = new DatabaseUrl(full(host), port, "postgres", full(user), "hush", Map.of());

        assertThat(SupabaseAddress.of(url)).isEqualTo(new SupabaseAddress(kind, role, full(ref), region));
    }

    @Test
    void goodAddressesOfSupabaseAreTaken() {
        for (String uri : new String[] {
            "postgresql://postgres:hush@db.REF.supabase.co:5432/postgres",
            "postgres://postgres.REF:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres",
            "postgresql://backup.REF:hush@aws-1-us-east-2.pooler.supabase.com/postgres?sslmode=verify-full",
            "postgresql://postgres:%5Bhush%5D@db.REF-rr-us-east-1-jkjqy.supabase.co:5432/postgres?sslmode=require"
        }) {
            assertThat(DatabaseUrl.parse(full(uri)).host())
                    .endsWith(".supabase.co" + (uri.contains("pooler") ? "m" : ""));
        }
    }

    /** Both drivers: libpq's own default would go on without encryption where that is all it gets. */
    @Test
    void anAddressOfSupabasesIsEncryptedWithoutSayingSo() {
        DatabaseUrl url = DatabaseUrl.parse(full("postgresql://postgres:hush@db.REF.supabase.co/postgres"));

        assertThat(url.jdbcProperties()).containsEntry("sslmode", "require");
        assertThat(url.conninfo("f")).contains("sslmode='require'");
    }

    @Test
    void checkShowsItInWords() {
        assertThat(words("postgresql://postgres.REF:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres"))
                .isEqualTo("Supabase, session pooler of project abcdefghijklmnopqrst in eu-west-1");
        assertThat(words("postgresql://postgres:hush@db.REF.supabase.co/postgres"))
                .isEqualTo("Supabase, direct connection of project abcdefghijklmnopqrst");
        assertThat(words("postgresql://backup:hush@db.example.com/shop")).isEqualTo("not a Supabase address");
    }

    @Test
    void theTransactionPoolerIsRefusedWithTheSessionModesAddress() {
        assertRefused(
                "postgresql://postgres.REF:hush@aws-0-eu-west-1.pooler.supabase.com:6543/postgres",
                "is a transaction pooler (port 6543), which can't hold a snapshot. Use session mode instead, with the password for ***: "
                        + "postgresql://postgres.REF:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres");
    }

    @Test
    void theCorrectedAddressIsRightInEveryPart() {
        assertRefused(
                "postgresql://postgres:hush@aws-0-eu-west-1.pooler.supabase.com:6543/postgres?sslmode=prefer",
                "is a transaction pooler (port 6543), which can't hold a snapshot. Use session mode instead, with the password for ***: "
                        + "postgresql://postgres.<project ref>:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres?sslmode=require");
    }

    @Test
    void theDedicatedPoolerIsRefusedWithTheDirectAddress() {
        assertRefused(
                "postgresql://postgres:hush@db.REF.supabase.co:6543/postgres?sslmode=verify-full",
                "is the dedicated pooler (port 6543), which pools transactions and can't hold a snapshot. Use the direct connection instead, "
                        + "with the password for ***: postgresql://postgres:***@db.REF.supabase.co:5432/postgres?sslmode=verify-full");
    }

    @Test
    void anotherPortIsRefused() {
        assertRefused(
                "postgresql://postgres:hush@db.REF.supabase.co:5433/postgres",
                "has port 5433, where Supabase has no database. Write, with the password for ***: "
                        + "postgresql://postgres:***@db.REF.supabase.co:5432/postgres");
    }

    @Test
    void theApisHostIsRefused() {
        assertRefused(
                "postgresql://postgres:hush@REF.supabase.co:5432/postgres",
                "names the host REF.supabase.co, where Supabase has no database. Copy the string of the session pooler from the project's "
                        + "dashboard (Connect, Session pooler): postgresql://postgres.REF:***@aws-0-<region>.pooler.supabase.com:5432/postgres");
    }

    @Test
    void aPoolersUserWithoutTheProjectIsRefused() {
        assertRefused(
                "postgresql://postgres:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres",
                "has the user postgres, which doesn't tell the pooler which project is meant. Add the project ref to "
                        + "it, and the password for ***: postgresql://postgres.<project "
                        + "ref>:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres");
    }

    @Test
    void aProjectRefThatIsNoneIsRefused() {
        assertRefused(
                "postgresql://postgres.my-project:hush@aws-0-eu-west-1.pooler.supabase.com:5432/postgres",
                "has my-project as project ref in its user, which is invalid: a ref is 20 lower-case letters, as in "
                        + "https://<project ref>.supabase.co. Write, with the password for ***: "
                        + "postgresql://postgres.<project ref>:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres");
        assertRefused(
                "postgresql://postgres:hush@db.my-project.supabase.co:5432/postgres",
                "has my-project as project ref in its host, which is invalid: a ref is 20 lower-case letters, as in "
                        + "https://<project ref>.supabase.co. Write, with the password for ***: "
                        + "postgresql://postgres:***@db.<project ref>.supabase.co:5432/postgres");
    }

    @Test
    void thePoolersUserAtTheDirectHostIsRefused() {
        assertRefused(
                "postgresql://postgres.REF:hush@db.REF.supabase.co:5432/postgres",
                "has the user postgres.REF, which only the pooler accepts. Write, with the password for ***: "
                        + "postgresql://postgres:***@db.REF.supabase.co:5432/postgres");
        assertRefused(
                "postgresql://postgres.tsrqponmlkjihgfedcba:hush@db.REF.supabase.co:5432/postgres",
                "has the user postgres.tsrqponmlkjihgfedcba, which only the pooler accepts; and its host is another "
                        + "project's. "
                        + "Write, with the password for ***: postgresql://postgres:***@db.REF.supabase.co:5432/postgres");
    }

    @ParameterizedTest
    @CsvSource({"disable", "allow", "prefer"})
    void lessThanEncryptionIsRefused(String sslmode) {
        assertRefused(
                "postgresql://postgres:hush@db.REF.supabase.co:5432/postgres?sslmode=" + sslmode,
                "has sslmode=" + sslmode
                        + ", with which the connection to Supabase could be unencrypted. Write, with the password for "
                        + "***: "
                        + "postgresql://postgres:***@db.REF.supabase.co:5432/postgres?sslmode=require");
    }

    @Test
    void whatBactrianShowedIsNoPassword() {
        assertRefused(
                "postgresql://postgres:***@db.REF.supabase.co:5432/postgres",
                "has *** for the password, which is how Bactrian shows addresses. Replace it with the database's "
                        + "password.");
        assertRefused(
                "postgresql://postgres@db.REF.supabase.co:5432/postgres",
                "has no password, which Supabase always requires. Write, with the password for ***: "
                        + "postgresql://postgres:***@db.REF.supabase.co:5432/postgres");
    }

    @ParameterizedTest
    @CsvSource({
        "[YOUR-PASSWORD]",
        "[your-password]",
        "%5BYOUR-PASSWORD%5D",
        "%5byour-password%5d",
        "[YOUR_PASSWORD]",
        "[PASSWORD]",
        "<password>",
        "[DB-PASSWORD]",
        "YOUR-PASSWORD"
    })
    void thePlaceholderOfThePasswordIsNamed(String placeholder) {
        assertRefused(
                "postgresql://postgres:" + placeholder + "@db.REF.supabase.co:5432/postgres",
                "still has the placeholder [YOUR-PASSWORD]. Replace it with the database's password.");
    }

    @Test
    void otherPlaceholdersAreNamed() {
        assertRefused(
                "postgresql://postgres.REF:hush@aws-0-[REGION].pooler.supabase.com:5432/postgres",
                "still has the placeholder [REGION]. Copy the whole string from the project's dashboard: Connect, "
                        + "Session pooler.");
        assertRefused(
                "postgresql://postgres:hush@db.<project-ref>.supabase.co:5432/postgres",
                "still has the placeholder [project-ref]. Copy the whole string from the project's dashboard: "
                        + "Connect, Session pooler.");
    }

    @Test
    void bracketsLeftAroundThePasswordAreNamed() {
        assertRefused(
                "postgresql://postgres:[hush/hush]@db.REF.supabase.co:5432/postgres",
                "has brackets around the password, which belonged to the placeholder. Remove them; write brackets "
                        + "that belong to the password as %5B and %5D.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hu@sh  | has more than one @. Percent-encode an @ in the user name or password as %40.",
                "hu/sh  | has an unescaped / in the user name or password. Percent-encode it: / is %2F.",
                "hu#sh  | has an unescaped # in the user name or password. Percent-encode it: # is %23.",
                "hu?sh  | has an unescaped ? in the user name or password. Percent-encode it: ? is %3F.",
                "h#u/sh | has an unescaped / and # in the user name or password. Percent-encode it: / is %2F, # is %23.",
                "hu%sh  | has a % that isn't followed by two hex digits. Write a plain % as %25.",
            })
    void eachUnescapedSignOfAPasswordIsNamed(String password, String sentence) {
        assertRefused("postgresql://postgres:" + password + "@db.REF.supabase.co:5432/postgres", sentence);
    }

    private static String words(String uri) {
        return SupabaseAddress.of(DatabaseUrl.parse(full(uri))).toString();
    }

    private static void assertRefused(String uri, String sentence) {
        Throwable refused = catchThrowableOfType(IllegalArgumentException.class, () -> DatabaseUrl.parse(full(uri)));

        assertThat(refused).as(uri).isNotNull().hasMessage(full(sentence));
        assertThat(refused.getMessage()).doesNotContain("hush");
    }

    private static String full(String text) {
        return text.replace("REF", REF);
    }
}
