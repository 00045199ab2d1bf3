-- What pgagent's extension script adds to its tables.
SELECT pg_catalog.pg_extension_config_dump('pgagent.pga_jobagent', '');
SELECT pg_catalog.pg_extension_config_dump('pgagent.pga_jobclass', $$WHERE jclname NOT IN ('Routine Maintenance', 'Miscellaneous')$$);
SELECT pg_catalog.pg_extension_config_dump('pgagent.pga_job', '');
SELECT pg_catalog.pg_extension_config_dump('pgagent.pga_jobstep', '');
SELECT pg_catalog.pg_extension_config_dump('pgagent.pga_schedule', '');
