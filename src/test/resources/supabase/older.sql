-- Back to what auth and storage had some versions ago.
ALTER TABLE auth.users DROP COLUMN is_anonymous;
ALTER TABLE auth.mfa_factors DROP COLUMN last_webauthn_challenge_data;
ALTER TABLE auth.sessions DROP COLUMN refresh_token_hmac_key, DROP COLUMN refresh_token_counter, DROP COLUMN scopes,
    DROP COLUMN oauth_client_id;
DROP TABLE auth.one_time_tokens;
ALTER TABLE storage.objects DROP COLUMN user_metadata;
ALTER TABLE storage.buckets DROP COLUMN type;
DROP TABLE storage.vector_indexes, storage.buckets_vectors, storage.buckets_analytics;
DROP TRIGGER protect_buckets_delete ON storage.buckets;
DROP TRIGGER protect_objects_delete ON storage.objects;
DROP FUNCTION storage.protect_delete();
