-- Stands for pg_net: requests are written down, and never sent.
CREATE SCHEMA net;
CREATE UNLOGGED TABLE net.http_request_queue (
    id bigserial, method text NOT NULL, url text NOT NULL, headers jsonb, body bytea, timeout_milliseconds int NOT NULL);
CREATE UNLOGGED TABLE net._http_response (
    id bigint, status_code int, content_type text, headers jsonb, content text, timed_out bool, error_msg text,
    created timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
    headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds int DEFAULT 5000) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    INSERT INTO net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    VALUES ('POST', $1, $4, convert_to($2::text, 'UTF8'), $5) RETURNING id
$$;
GRANT USAGE ON SCHEMA net TO supabase_functions_admin, postgres, anon, authenticated, service_role;
