// What storage-js sees of the tests' Storage: a file with its bytes, and one that has lost them.
import assert from 'node:assert/strict';
import { createClient } from '@supabase/supabase-js';

const { BASE, KEY, BACKEND } = process.env;
const storage = createClient(BASE, KEY, { auth: { persistSession: false } }).storage;
const files = storage.from('b');

const buckets = await storage.listBuckets();
assert.deepEqual(buckets.data.map((bucket) => bucket.id), ['b']);
const uploaded = await files.upload('folder/a.txt', 'text', { contentType: 'text/plain', metadata: { of: 'a' } });
assert.equal(uploaded.error, null);
assert.equal(uploaded.data.path, 'folder/a.txt');
assert.equal(await (await files.download('folder/a.txt')).data.text(), 'text');
const info = await files.info('folder/a.txt');
assert.equal(info.data.size, 4);
assert.deepEqual(info.data.metadata, { of: 'a' });
assert.equal((await files.exists('folder/a.txt')).data, true);
assert.equal((await files.exists('folder/none')).data, false);
assert.deepEqual((await files.list('folder')).data.map((file) => file.name), ['a.txt']);

// Its row alone answers these two.
assert.equal((await files.exists('lost')).data, true);
assert.equal((await files.info('lost')).data.size, 5);
const lost = await files.download('lost');
assert.equal(lost.data, null);
const response = lost.error.originalError ?? lost.error.context ?? lost.error;
assert.equal(lost.error.status ?? response.status, BACKEND === 'FILE' ? 500 : 400);
console.log('all as it should be');
