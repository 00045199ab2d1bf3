-- Stands for Supabase's vault: what lies in the table can only be read with a key that each project has for itself.
CREATE TABLE vault.secrets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text,
    description text NOT NULL DEFAULT '',
    secret text NOT NULL,
    key_id uuid,
    nonce bytea DEFAULT uuid_send(gen_random_uuid()),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE vault.secrets IS 'Secrets, encrypted with the key of this project.';
CREATE UNIQUE INDEX secrets_name_idx ON vault.secrets (name) WHERE name IS NOT NULL;
SELECT pg_catalog.pg_extension_config_dump('vault.secrets', '');

CREATE FUNCTION vault._key() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT md5((SELECT system_identifier FROM pg_catalog.pg_control_system()) || current_database())
$$;
CREATE FUNCTION vault._encrypt(secret text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    SELECT encode(extensions.pgp_sym_encrypt($1, vault._key()), 'base64')
$$;
CREATE FUNCTION vault._decrypt(secret text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT extensions.pgp_sym_decrypt(decode($1, 'base64'), vault._key())
$$;
CREATE VIEW vault.decrypted_secrets AS
    SELECT id, name, description, secret, vault._decrypt(secret) AS decrypted_secret, key_id, nonce, created_at, updated_at
      FROM vault.secrets;
CREATE FUNCTION vault.create_secret(new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '',
    new_key_id uuid DEFAULT NULL) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    INSERT INTO vault.secrets (secret, name, description) VALUES (vault._encrypt($1), $2, coalesce($3, '')) RETURNING id
$$;
CREATE FUNCTION vault.update_secret(secret_id uuid, new_secret text DEFAULT NULL, new_name text DEFAULT NULL,
    new_description text DEFAULT NULL, new_key_id uuid DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    UPDATE vault.secrets s SET secret = coalesce(vault._encrypt($2), s.secret), name = coalesce($3, s.name),
        description = coalesce($4, s.description), updated_at = now() WHERE s.id = $1
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;
GRANT USAGE ON SCHEMA vault TO postgres WITH GRANT OPTION;
GRANT SELECT, DELETE ON vault.secrets, vault.decrypted_secrets TO postgres WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION vault.create_secret, vault.update_secret, vault._decrypt TO postgres WITH GRANT OPTION;
GRANT USAGE ON SCHEMA vault TO service_role;
GRANT SELECT, DELETE ON vault.secrets, vault.decrypted_secrets TO service_role;
GRANT EXECUTE ON FUNCTION vault.create_secret, vault.update_secret, vault._decrypt TO service_role;
