-- The switch that users turn at run time; null where nobody has turned it.
SELECT (SELECT value <> 'false' FROM system_settings_kv WHERE key = 'backup_enabled') AS enabled
