// What a restore can be told besides what and where to: the API's names, and words for them.

export const OPTIONS = [
  ['drop_existing', 'Drop existing tables, and create them again'],
  ['allow_wider_access', 'Even if more roles may use the restored tables than the existing ones'],
  ['large_objects', 'With the large objects that the chosen tables refer to'],
  ['data_only', 'Only rows, into existing tables'],
  ['truncate', 'Replace the existing rows (with “only rows”)'],
  ['schema_only', 'Only definitions, no rows'],
  ['database_settings', 'With the settings, grants and owner of the database itself'],
  ['no_owner', 'Make the role that restores the owner of everything'],
  ['no_privileges', 'Without grants'],
  ['skip_roles', 'Don’t create roles'],
  ['skip_missing_extensions', 'Continue without extensions that the target doesn’t have'],
];
