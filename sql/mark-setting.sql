INSERT INTO system_settings_kv (key, value, updated_at)
VALUES (:#${exchangeProperty.settingKey}, :#${exchangeProperty.settingValue}::jsonb, now())
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
