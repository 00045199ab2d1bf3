-- The tables of Supabase's storage service. Run as supabase_storage_admin, who owns them.

CREATE TYPE storage.buckettype AS ENUM ('STANDARD', 'ANALYTICS', 'VECTOR');

CREATE TABLE storage.migrations (
    id int PRIMARY KEY, name varchar(100) NOT NULL UNIQUE, hash varchar(40) NOT NULL,
    executed_at timestamp DEFAULT '2025-01-01');
INSERT INTO storage.migrations VALUES (0, 'create-migrations-table', 'a1'), (1, 'initialmigration', 'b2'), (2, 'storage-schema', 'c3');

CREATE TABLE storage.buckets (
    id text PRIMARY KEY,
    name text NOT NULL,
    owner uuid,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    public boolean DEFAULT false,
    avif_autodetection boolean DEFAULT false,
    file_size_limit bigint,
    allowed_mime_types text[],
    owner_id text,
    type storage.buckettype NOT NULL DEFAULT 'STANDARD');
CREATE UNIQUE INDEX bname ON storage.buckets (name);
COMMENT ON COLUMN storage.buckets.owner IS 'Field is deprecated, use owner_id instead';

CREATE TABLE storage.objects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    bucket_id text,
    name text,
    owner uuid,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    last_accessed_at timestamptz DEFAULT now(),
    metadata jsonb,
    path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
    version text,
    owner_id text,
    user_metadata jsonb,
    CONSTRAINT "objects_bucketId_fkey" FOREIGN KEY (bucket_id) REFERENCES storage.buckets);
CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
CREATE INDEX name_prefix_search ON storage.objects (name text_pattern_ops);

CREATE TABLE storage.s3_multipart_uploads (
    id text PRIMARY KEY, in_progress_size bigint NOT NULL DEFAULT 0, upload_signature text NOT NULL,
    bucket_id text NOT NULL REFERENCES storage.buckets, key text COLLATE "C" NOT NULL, version text NOT NULL,
    owner_id text, created_at timestamptz NOT NULL DEFAULT now(), user_metadata jsonb);
CREATE TABLE storage.s3_multipart_uploads_parts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    upload_id text NOT NULL REFERENCES storage.s3_multipart_uploads ON DELETE CASCADE, size bigint NOT NULL DEFAULT 0,
    part_number int NOT NULL, bucket_id text NOT NULL REFERENCES storage.buckets, key text COLLATE "C" NOT NULL,
    etag text NOT NULL, owner_id text, version text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE storage.buckets_analytics (
    name text NOT NULL, type storage.buckettype NOT NULL DEFAULT 'ANALYTICS', format text NOT NULL DEFAULT 'ICEBERG',
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), deleted_at timestamptz);
CREATE TABLE storage.buckets_vectors (
    id text PRIMARY KEY, type storage.buckettype NOT NULL DEFAULT 'VECTOR',
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE storage.vector_indexes (
    id text PRIMARY KEY DEFAULT gen_random_uuid(), name text COLLATE "C" NOT NULL,
    bucket_id text NOT NULL REFERENCES storage.buckets_vectors, data_type text NOT NULL, dimension int NOT NULL,
    distance_metric text NOT NULL, metadata_configuration jsonb, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now());

CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT (string_to_array($1, '/'))[1 : array_length(string_to_array($1, '/'), 1) - 1]
$$;
CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (string_to_array($1, '/'))[array_length(string_to_array($1, '/'), 1)]
$$;
CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT reverse(split_part(reverse(storage.filename($1)), '.', 1))
$$;
CREATE FUNCTION storage.operation() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT current_setting('storage.operation', true)
$$;
CREATE FUNCTION storage.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END $$;
CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects
    FOR EACH ROW EXECUTE FUNCTION storage.update_updated_at_column();
CREATE FUNCTION storage.enforce_bucket_name_length() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF length(NEW.name) > 100 THEN
        RAISE EXCEPTION 'the name of bucket "%" has more than 100 characters', NEW.name;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enforce_bucket_name_length_trigger BEFORE INSERT OR UPDATE OF name ON storage.buckets
    FOR EACH ROW EXECUTE FUNCTION storage.enforce_bucket_name_length();
CREATE FUNCTION storage.protect_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('storage.allow_delete_query', true) IS DISTINCT FROM 'true' THEN
        RAISE EXCEPTION 'rows of storage are deleted by the Storage API, not by SQL' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER protect_buckets_delete BEFORE DELETE ON storage.buckets
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
CREATE TRIGGER protect_objects_delete BEFORE DELETE ON storage.objects
    FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'storage'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE storage.%I ENABLE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
GRANT ALL ON storage.buckets, storage.objects, storage.buckets_analytics TO service_role, authenticated, anon;
GRANT ALL ON storage.buckets, storage.objects TO postgres WITH GRANT OPTION;
GRANT ALL ON storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts TO service_role;
GRANT SELECT ON storage.s3_multipart_uploads, storage.s3_multipart_uploads_parts TO authenticated, anon;
GRANT SELECT ON storage.buckets_vectors, storage.vector_indexes TO service_role, authenticated, anon;
