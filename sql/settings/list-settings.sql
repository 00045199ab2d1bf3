SELECT key, value::text AS value, updated_at FROM system_settings_kv ORDER BY key
