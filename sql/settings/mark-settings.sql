INSERT INTO system_settings_kv (key, value, updated_at)
SELECT key, value, now() FROM jsonb_each(:#${exchangeProperty.settings}::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
