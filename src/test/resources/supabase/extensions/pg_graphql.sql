-- Stands for pg_graphql.
CREATE FUNCTION graphql.resolve(query text, variables jsonb DEFAULT '{}', "operationName" text DEFAULT NULL,
    extensions jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT '{"data": null}'::jsonb $$;
