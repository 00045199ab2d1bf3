package dev.bactrian.postgres.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bactrian.postgres.SessionProof;
import dev.bactrian.postgres.socket.Ipv4SocketFactory;
import dev.bactrian.postgres.socket.UnixSocketFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

/** A misread connection URI backs up the wrong database, or shows a password. */
class DatabaseUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "postgresql://u:p@h/d                     | h           | 5432  | d      | u       | p",
                "postgres://u:p@h:6000/d                  | h           | 6000  | d      | u       | p",
                "postgresql://u:p@h:65535/d               | h           | 65535 | d      | u       | p",
                "postgresql://u@h/d                       | h           | 5432  | d      | u       | ''",
                "postgresql://u:@h/d                      | h           | 5432  | d      | u       | ''",
                "postgresql://u:a:b@h/d                   | h           | 5432  | d      | u       | a:b",
                "postgresql://u:p@[::1]:6000/d            | ::1         | 6000  | d      | u       | p",
                "postgresql://u:p@[2001:db8::17]/d        | 2001:db8::17| 5432  | d      | u       | p",
                "postgresql://u:p@10.1.2.3/d              | 10.1.2.3    | 5432  | d      | u       | p",
                "postgresql://u%40corp:p%40%3A%2F%23%3F%25@h/my%20db | h | 5432  | my db  | u@corp  | p@:/#?%",
                "postgresql://u:a+b@h/c+d                 | h           | 5432  | c+d    | u       | a+b",
                "postgresql://u:p%C3%A4ss@h/%E2%82%AC     | h           | 5432  | €      | u       | päss",
                "postgresql://u:pässwörd@h/d              | h           | 5432  | d      | u       | pässwörd",
                "postgresql://u:p%2Fq@h/a%2Fb             | h           | 5432  | a/b    | u       | p/q",
                "postgresql://u:p@%2Fvar%2Frun/d          | /var/run    | 5432  | d      | u       | p",
                "postgresql://u:p@:6000/d?host=/tmp       | /tmp        | 6000  | d      | u       | p",
                "postgresql:///?host=%2Ftmp&user=u&dbname=d&port=7 | /tmp | 7   | d      | u       | ''",
                "postgresql://u:p@/d?host=h               | h           | 5432  | d      | u       | p",
                "postgresql://postgres.abcdefghijklmnopqrst:p@aws-0-eu-west-1.pooler.supabase.com:5432/postgres "
                        + "| aws-0-eu-west-1.pooler.supabase.com | 5432 | postgres | postgres.abcdefghijklmnopqrst | p",
            })
    void aGoodUriIsTakenApart(String uri, String host, int port, String database, String user, String password) {
        DatabaseUrl url = DatabaseUrl.parse("  " + uri + "\n");

        assertThat(url).isEqualTo(new DatabaseUrl(host, port, database, user, password, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                          | isn't a PostgreSQL URI",
                "h/d                                         | isn't a PostgreSQL URI",
                "jdbc:postgresql://h/d                       | isn't a PostgreSQL URI",
                "https://u:p@h/d                             | isn't a PostgreSQL URI",
                "POSTGRESQL://u:p@h/d                        | isn't a PostgreSQL URI",
                "postgresql://u:[YOUR-PASSWORD]@h/d          | placeholder [YOUR-PASSWORD]",
                "postgresql://u:p@q@h/d                      | more than one @",
                "postgresql://u:p@q/r@h/d                    | more than one @",
                "postgresql://u:p@q/r@h                      | more than one @",
                "postgresql://u:p@q/r?s@h/d                  | more than one @",
                "postgresql://u:p#q@h/d                      | # is %23",
                "postgresql://u:p/q@h/d                      | / is %2F",
                "postgresql://u:p?q@h/d                      | ? is %3F",
                "postgresql://u:p@h/d#x                      | Percent-encode",
                "postgresql://u:p%zz@h/d                     | Write a plain % as %25",
                "postgresql://u:p%4@h/d                      | Write a plain % as %25",
                "postgresql://u:100%@h/d                     | Write a plain % as %25",
                "postgresql://u:p%+1@h/d                     | Write a plain % as %25",
                "postgresql://u:p@h/d%                       | Write a plain % as %25",
                "postgresql://:p@h/d                         | has no user",
                "postgresql://@h/d                           | has no user",
                "postgresql://h/d                            | Write it as postgresql://",
                "postgresql://u:p@/d                         | Write it as postgresql://",
                "postgresql://u:p@h                          | Write it as postgresql://",
                "postgresql://u:p@h/                         | Write it as postgresql://",
                "postgresql://u:p@h1,h2/d                    | names several hosts",
                "postgresql://u:p@h1:1,h2:2/d                | all connections of a backup must reach the same server",
                "postgresql://u:p@/d?host=h1,h2              | names several hosts",
                "postgresql://u:p@/d?host=%40abstract        | abstract Unix socket",
                "postgresql:///d?user=u                      | has no host",
                "postgresql://h?user=u                       | has no database",
                "postgresql://u@h/d?host=g                   | has the parameter host twice",
                "postgresql://u@h:1/d?port=2                 | has the parameter port twice",
                "postgresql://u@h/d?port=x                   | from 1 to 65535",
                "postgresql://u@h/d?sslcert=c                | sslcert without sslkey",
                "postgresql://u@h/d?sslkey=k                 | sslkey without sslcert",
                "postgresql://u@h/d?sslpassword=k            | Remove the passphrase from",
                "postgresql://u@h/d?hostaddr=1.2.3.4         | DATABASE_IPV4_ONLY",
                "postgresql://u@h/d?load_balance_hosts=random | must reach the same server",
                "postgresql://u@h/d?service=s                | Write its contents into the URI",
                "postgresql://u@h/d?channel_binding=on       | Use one of disable, prefer, require",
                "postgresql://u@h/d?target_session_attrs=rw  | Use one of any, prefer-standby, primary",
                "postgresql://u@h/d?sslrootcert=system&sslmode=require | Use sslmode=verify-full",
                "postgresql://u:p@::1/d                      | Write it as postgresql://",
                "postgresql://u:p@[::1/d                     | Write it as postgresql://",
                "postgresql://u:p@h/d/e                      | Write it as postgresql://",
                "postgresql://u:p@h:/d                       | Write it as postgresql://",
                "postgresql://u:p@h:x/d                      | Write it as postgresql://",
                "postgresql://u:p@h:0/d                      | from 1 to 65535",
                "postgresql://u:p@h:65536/d                  | from 1 to 65535",
                "postgresql://u:p@h:123456/d                 | Write it as postgresql://",
                "postgresql://u:p@h/d?sslmode=on             | Use one of allow, disable",
                "postgresql://u:p@h/d?sslmode=               | without a value",
                "postgresql://u:p@h/d?sslmode                | without a value",
                "postgresql://u:p@h/d?SSLMODE=require        | Remove it; known are",
                "postgresql://u:p@h/d?password=x             | Remove it; known are",
                "postgresql://u:p@h/d?passfile=x             | Remove it; known are",
                "postgresql://u:p@h/d?sslmode=require&       | Remove it; known are",
                "postgresql://u:p@h/d?sslmode=allow&sslmode=require | twice",
                "postgresql://u:p@h/d?connect_timeout=soon   | whole seconds",
                "postgresql://u:p@h/d?connect_timeout=-1     | whole seconds",
                "postgresql://u:p@h/d?connect_timeout=10000  | whole seconds",
            })
    void aBadUriIsRefusedWithTheRemedy(String uri, String remedy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseUrl.parse(uri))
                .withMessageContaining(remedy);
    }

    /** Neither a line of a passfile nor an argument can hold them; libpq refuses %00 too. */
    @ParameterizedTest
    @ValueSource(strings = {"%00", "%0A", "%0D", "%1B"})
    void aControlCharacterIsRefusedBecauseNoProgramCouldBeGivenIt(String character) {
        for (String uri : new String[] {
            "postgresql://u:p" + character + "@h/d",
            "postgresql://u" + character + ":p@h/d",
            "postgresql://u:p@h/d" + character,
            "postgresql://u:p@h/d?application_name=a" + character
        }) {
            assertThatIllegalArgumentException()
                    .as(uri)
                    .isThrownBy(() -> DatabaseUrl.parse(uri))
                    .withMessageContaining("control character");
        }
    }

    /** However wrongly a password is written into a URI, no part of it of four letters may be told. */
    @Test
    void noUnescapedPasswordIsEverShown() {
        Random random = new Random(7);
        String[] specials = {"@", ":", "/", "?", "#", "%", "&", "=", "[", "]", ",", "+", " ", "\\", "'", "\"", "$"};
        for (int i = 0; i < 6_000; i++) {
            StringBuilder password = new StringBuilder("hush");
            for (int part = 0; part < 3; part++) {
                password.append(specials[random.nextInt(specials.length)]).append("hush");
            }
            String uri = "postgresql://backup:" + password + "@db.example.com:5432/shop"
                    + (random.nextBoolean() ? "?sslmode=require" : "");

            String told;
            try {
                told = DatabaseUrl.parse(uri).toString();
            } catch (IllegalArgumentException e) {
                told = e.toString();
            }
            assertThat(told).as(uri).doesNotContain("hush");
        }
    }

    @Test
    void everyPasswordSurvivesPercentEncoding() {
        Random random = new Random(11);
        for (int i = 0; i < 1_000; i++) {
            String password = random.ints(1 + random.nextInt(30), 0x20, 0x2FF)
                    .filter(c -> !Character.isISOControl(c))
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");

            assertThat(DatabaseUrl.parse("postgresql://u:" + encoded + "@h/d").password())
                    .isEqualTo(password);
        }
    }

    @Test
    void parametersAreKeptInWhatBothDriversTake() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
                + "&connect_timeout=3&application_name=my%20app");

        assertThat(url.sslmode()).isEqualTo("verify-full");
        Properties jdbc = url.jdbcProperties();
        assertThat(jdbc)
                .containsEntry("user", "u")
                .containsEntry("password", "p")
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/etc/ca.pem")
                .containsEntry("connectTimeout", "3")
                .containsEntry("ApplicationName", "my app");
        assertThat(url.conninfo("/run/passfile"))
                .isEqualTo("host='h' port='5432' dbname='d' user='u' passfile='/run/passfile' sslmode='verify-full' "
                        + "connect_timeout='3' application_name='my app' sslrootcert='/etc/ca.pem'");
    }

    @Test
    void defaultsAreTheSameForBothDrivers() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@h/d");

        assertThat(url.jdbcProperties())
                .containsEntry("sslmode", "prefer")
                .containsEntry("connectTimeout", "10")
                .containsEntry("ApplicationName", "bactrian")
                .doesNotContainKey("sslrootcert");
        assertThat(url.conninfo("f"))
                .isEqualTo("host='h' port='5432' dbname='d' user='u' passfile='f' sslmode='prefer' "
                        + "connect_timeout='10' application_name='bactrian'");
    }

    @Test
    void parametersHaveTheDriversNamesToo() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@h/d?sslcert=/c.crt&sslkey=/c.key&channel_binding=require"
                + "&gssencmode=disable&target_session_attrs=read-write&options=-c%20search_path%3Da");

        assertThat(url.jdbcProperties())
                .containsEntry("sslcert", "/c.crt")
                .containsEntry("sslkey", "/c.key")
                .containsEntry("channelBinding", "require")
                .containsEntry("gssEncMode", "disable")
                .containsEntry("targetServerType", "primary")
                .containsEntry("options", "-c search_path=a");
        assertThat(url.conninfo("f", "-c bytea_output=hex"))
                .contains("sslcert='/c.crt'", "sslkey='/c.key'", "channel_binding='require'", "gssencmode='disable'")
                .contains("target_session_attrs='read-write'", "options='-c search_path=a -c bytea_output=hex'");
    }

    @Test
    void aSocketHasNoEncryptionAndTwoLinesInThePasswordFile() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@%2Fvar%2Frun/d?sslmode=require");

        assertThat(url.jdbcProperties())
                .containsEntry("sslmode", "disable")
                .containsEntry("socketFactory", UnixSocketFactory.class.getName())
                .containsEntry("socketFactoryArg", "/var/run/.s.PGSQL.5432");
        assertThat(url.conninfo("f")).startsWith("host='/var/run' port='5432'").contains("sslmode='disable'");
        assertThat(url.passfileLine()).isEqualTo("/var/run:5432:*:u:p\nlocalhost:5432:*:u:p\n");
        assertThat(DatabaseUrl.parse(url.toString())).hasToString(url.toString());
    }

    @Test
    void overIpv4TheNameStaysAndItsAddressComesOnTop() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:p@localhost/d?sslmode=require")
                .overIpv4();

        assertThat(url.conninfo("f"))
                .contains("host='localhost'", "hostaddr='127.0.0.1'")
                .doesNotContain("ipv4");
        assertThat(url.jdbcProperties()).containsEntry("socketFactory", Ipv4SocketFactory.class.getName());
        assertThat(url.withDatabase("e").conninfo("f")).contains("hostaddr='127.0.0.1'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "-c search_path=a                             | ''",
                "-csearch_path=a --work_mem=4MB               | ''",
                "-c search_path=a\\ b endpoint=ep-1 -c x.y=z | endpoint=ep-1",
                "endpoint=ep-cool-name-1                      | endpoint=ep-cool-name-1",
                "''                                           | ''",
            })
    void theProofOfSessionsSetsNothing(String options, String left) {
        assertThat(SessionProof.withoutSettings(options)).isEqualTo(left);
    }

    @Test
    void aQuoteInANameCannotEndAConninfoValue() {
        DatabaseUrl url = new DatabaseUrl("h", 1, "d' host='evil", "u\\", "p", Map.of());

        assertThat(url.conninfo("/it's"))
                .startsWith("host='h' port='1' dbname='d\\' host=\\'evil' user='u\\\\' passfile='/it\\'s' ");
    }

    @Test
    void aConninfoHoldsNoPassword() {
        assertThat(new DatabaseUrl("h", 1, "d", "u", "hush", Map.of()).conninfo("f"))
                .doesNotContain("hush")
                .doesNotContain("password");
    }

    @Test
    void aPassfileLineKeepsItsFieldsApart() {
        assertThat(new DatabaseUrl("h", 5432, "d", "u", "p", Map.of()).passfileLine())
                .isEqualTo("h:5432:*:u:p\n");
        assertThat(new DatabaseUrl("::1", 6000, "d", "u:v", "a\\b:c", Map.of()).passfileLine())
                .isEqualTo("\\:\\:1:6000:*:u\\:v:a\\\\b\\:c\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "my db", "a/b", "a+b", "50%", "a?b=c", "a#b", "€", "a&b", "a\"b'c"})
    void theJdbcDriverFindsTheSameDatabase(String database) {
        DatabaseUrl url = new DatabaseUrl("::1", 6000, database, "u", "p", Map.of());

        Properties seen = Driver.parseURL(url.jdbcUrl(), new Properties());

        assertThat(seen)
                // In full, as Java writes the addresses of certificates.
                .containsEntry("PGHOST", "[0:0:0:0:0:0:0:1]")
                .containsEntry("PGPORT", "6000")
                .containsEntry("PGDBNAME", database);
    }

    @Test
    void noTextOfAUrlShowsThePassword() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://u:hush@[::1]:6543/d?sslmode=require&application_name=x");

        assertThat(url).hasToString("postgresql://u:***@[::1]:6543/d?sslmode=require");
        assertThat(url.withPort(5432)).isEqualTo("postgresql://u:***@[::1]:5432/d?sslmode=require");
        assertThat(new Database("default", url).toString()).doesNotContain("hush");
        assertThat(url.jdbcUrl()).doesNotContain("hush");
    }

    @Test
    void whatIsShownIsTheUriItWasMadeFromButForThePassword() {
        String uri = "postgresql://u:***@h:5432/d?sslmode=require";

        assertThat(DatabaseUrl.parse(uri)).hasToString(uri);
    }

    @Test
    void aRefusalNeverHoldsTheUriInItsCauses() {
        Throwable failure = catchThrowable(() -> DatabaseUrl.parse("postgresql://u:hush%zzhush@h/d"));

        for (Throwable at = failure; at != null; at = at.getCause()) {
            assertThat(at.toString()).doesNotContain("hush");
        }
    }
}
