// What a restore can be told besides what and where to: the API's names, and words for them.

export const OPTIONS = [
  ['drop_existing', 'Drop tables that are there, and make them anew'],
  ['allow_wider_access', 'Even where more roles may use the tables than those that are there'],
  ['large_objects', 'With the large objects that the chosen tables refer to'],
  ['data_only', 'Only rows, into tables that are there'],
  ['truncate', 'Replace the rows that are there (with “only rows”)'],
  ['schema_only', 'Only definitions, no rows'],
  ['database_settings', 'With the settings, grants and owner of the database itself'],
  ['no_owner', 'Everything belongs to the role that restores'],
  ['no_privileges', 'Without grants'],
  ['skip_roles', 'Make no roles'],
  ['skip_missing_extensions', 'Go on without extensions that the target lacks'],
];
