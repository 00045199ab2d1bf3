-- The switch that users turn at run time; on where nobody has turned it.
SELECT coalesce((SELECT value FROM system_settings_kv WHERE key = 'backup_enabled'), 'true') <> 'false' AS enabled
