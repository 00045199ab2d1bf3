package dev.bactrian.postgres.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a script is inside a quoted text, nothing in it may be taken for pg_restore's own lines. */
class OpenQuoteTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "CREATE TABLE a (id int);            ~ false",
                "COMMENT ON TABLE a IS 'open         ~ true",
                "COMMENT ON TABLE a IS 'it''s'       ~ false",
                "COMMENT ON TABLE a IS 'it''s        ~ true",
                "COMMENT ON TABLE a IS ''            ~ false",
                "COMMENT ON TABLE a IS ''''          ~ false",
                "COMMENT ON TABLE a IS 'a\\          ~ true",
                "COMMENT ON TABLE a IS 'a\\'         ~ false",
                "COMMENT ON TABLE a IS '-- x         ~ true",
                "COMMENT ON TABLE a IS '$$' || 'x'   ~ false",
                "-- Name: it's $$ \"odd              ~ false",
                "SELECT 1; -- it's                   ~ false",
                "CREATE TABLE \"it's (id int);       ~ true",
                "CREATE TABLE \"it's\" (id int);     ~ false",
                "CREATE TABLE \"a\"\"b\" (id int);   ~ false",
                "CREATE TABLE \"a\"\"b (id int);     ~ true",
                "    AS $$                           ~ true",
                "    AS $$begin 'it''s end $$;       ~ false",
                "    AS $_$ $$ ' \" $_$;             ~ false",
                "    AS $_$ $$ ' \" $$;              ~ true",
                "    AS $body1$ $body$               ~ true",
                "SELECT $1 + $2;                     ~ false",
            })
    void aLineLeavesAQuoteOpenOrNot(String line, boolean open) {
        OpenQuote quote = new OpenQuote();

        quote.read(line);

        assertThat(quote.isOpen()).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "    AS $$          ~ -- it's $_$ \"        ~ end $$;",
                "    AS $_$         ~ select $$x$$ || '$$'  ~ $_$;",
                "IS 'a              ~ -- \" $$ it''s        ~ b';",
                "TABLE \"a          ~ -- ' $$               ~ b\" (",
            })
    void aQuoteEndsOnlyAsItBegan(String first, String inside, String last) {
        OpenQuote quote = new OpenQuote();

        quote.read(first);
        quote.read(inside);
        quote.read("");
        assertThat(quote.isOpen()).isTrue();
        quote.read(last);
        assertThat(quote.isOpen()).isFalse();
    }
}
