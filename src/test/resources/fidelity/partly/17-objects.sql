-- What concerns one object, and sounds like more: a library that isn't there, other servers' connections, odd refusals.
CREATE SCHEMA one;
CREATE FUNCTION one.by_library() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
UPDATE pg_proc SET probin = '$libdir/bactrian_gone' WHERE proname = 'by_library';
CREATE FUNCTION one.refuses(state text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    IF current_database() ~ '(_restored$|^bactrian_verify_)' THEN
        RAISE EXCEPTION 'refused' USING ERRCODE = state;
    END IF;
    RETURN 1;
END $$;
CREATE MATERIALIZED VIEW one.of_another_server AS SELECT one.refuses('08006') AS x;
CREATE MATERIALIZED VIEW one.unsupported AS SELECT one.refuses('0A000') AS x;
CREATE MATERIALIZED VIEW one.without_file AS SELECT one.refuses('58P01') AS x;
CREATE MATERIALIZED VIEW one.beyond_a_limit AS SELECT one.refuses('53400') AS x;
CREATE MATERIALIZED VIEW one.untouched AS SELECT 1 AS x;
