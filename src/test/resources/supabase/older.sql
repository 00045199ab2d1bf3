-- Back to what auth and storage had some versions ago.
ALTER TABLE auth.users DROP COLUMN is_anonymous;
ALTER TABLE auth.mfa_factors DROP COLUMN last_webauthn_challenge_data;
ALTER TABLE auth.sessions DROP COLUMN refresh_token_hmac_key, DROP COLUMN refresh_token_counter, DROP COLUMN scopes,
    DROP COLUMN oauth_client_id;
DROP TABLE auth.one_time_tokens, auth.oauth_authorizations, auth.oauth_consents, auth.oauth_clients,
    auth.oauth_client_states, auth.custom_oauth_providers, auth.webauthn_credentials, auth.webauthn_challenges;
DROP TYPE auth.oauth_registration_type, auth.oauth_authorization_status, auth.oauth_response_type, auth.oauth_client_type;
ALTER TABLE storage.objects DROP COLUMN user_metadata, DROP COLUMN archived_at, DROP COLUMN is_delete_marker,
    DROP COLUMN is_versioned;
ALTER TABLE storage.buckets DROP COLUMN type, DROP COLUMN versioning_status;
DROP TABLE storage.vector_indexes, storage.buckets_vectors, storage.iceberg_tables, storage.iceberg_namespaces,
    storage.buckets_analytics;
DROP TRIGGER protect_buckets_delete ON storage.buckets;
DROP TRIGGER protect_objects_delete ON storage.objects;
DROP FUNCTION storage.protect_delete();
