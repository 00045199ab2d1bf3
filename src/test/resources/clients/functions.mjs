// A dashboard's calls by supabase-js: an object, a text made of one, nothing, a query, another region; and an error.
import assert from 'node:assert/strict';
import { createClient } from '@supabase/supabase-js';

const { BASE, KEY } = process.env;
const dashboard = (key, headers = {}) => createClient(BASE, key, { auth: { persistSession: false }, global: { headers } });
const byKey = dashboard(KEY);
const byHeader = dashboard('some-key-of-the-old-project', { Authorization: `Bearer ${KEY}` });

for (const client of [byKey, byHeader]) {
  const call = async (name, options) => {
    const { data, error } = await client.functions.invoke(name, options);
    assert.equal(error, null, `${name} ${JSON.stringify(options)}: ${error}`);
    assert.equal(data.success, true);
    return data;
  };
  const triggered = await call('trigger-backup', { body: JSON.stringify({ source_repo: 'acme/shop' }) });
  const id = triggered.backup_id;
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.equal(triggered.backup.source_repo, 'acme/shop');
  for (const body of [{ backup_id: id }, JSON.stringify({ backup_id: id })]) {
    assert.equal((await call('backup-status', { body })).backup_id, id);
    assert.equal((await call('backup-status', { body, region: 'eu-central-1' })).backup_id, id);
  }
  assert.equal((await call('backup-history', { body: { limit: 1 } })).backups.length, 1);
  assert.ok((await call('backup-history', {})).backups.length >= 1);
  assert.ok((await call('backup-history', { method: 'GET' })).backups.length >= 1);
  assert.equal((await call('settings-toggle', { method: 'GET' })).enabled, true);
}
const { error } = await byKey.functions.invoke('backup-status', { body: JSON.stringify({ backup_id: 'none' }) });
assert.equal(error.context.status, 404);
assert.equal((await error.context.json()).success, false);
const refused = await dashboard('wrong').functions.invoke('backup-history', {});
assert.equal(refused.error.context.status, 401);
console.log('all as it should be');
