import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteItemCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { INDEXES, KEYS } from '../../aws/table.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import { createTable, startDatabase } from '../../local/database/database.ts';

const require = createRequire(import.meta.url);
const dynalite = require('dynalite/db');
const actions = Object.fromEntries(['createTable', 'putItem', 'deleteItem'].map((name) => [name, require(`dynalite/actions/${name}`)]));
const whole = new URL('../../local/database/whole-writes.mjs', import.meta.url).href;
beforeAll(async () => (await import(whole)).writeWhole());

type Store = ReturnType<typeof dynalite.create>;
const TableName = 'table';

/** Does something to a store; resolves when it is acknowledged. */
const act = (store: Store, action: string, data: object) =>
  new Promise<void>((resolve, reject) =>
    actions[action]?.(store, { TableName, ...data }, (error: unknown) => (error ? reject(error) : resolve())),
  );

describe('a write that a kill cuts short', () => {
  const key = { [KEYS.partition]: { S: 'JOB#job' }, [KEYS.sort]: { S: 'JOB' } };
  const item = (place: string) => {
    const indexed = Object.values(INDEXES).flatMap(({ partition, sort, sortType }) => [
      [partition, { S: place }],
      [sort, { [sortType]: sortType === 'N' ? '1' : place }],
    ]);
    return { ...key, ...Object.fromEntries(indexed) };
  };

  /** A store with an item at `before`, whose disk takes so many writes more. */
  async function storeOf(writes: number): Promise<Store> {
    const store = dynalite.create({ createTableMs: 0 });
    await act(store, 'createTable', tableDefinition(TableName));
    await delay(5);
    await act(store, 'putItem', { Item: item('before') });
    let left = writes;
    for (const write of ['_put', '_del', '_batch']) {
      const real = store.db[write].bind(store.db);
      store.db[write] = (...args: unknown[]) => (left-- > 0 ? real(...args) : new Promise(() => undefined));
    }
    return store;
  }

  /** Where the item is by itself and by each index. */
  async function places(store: Store): Promise<Set<string>> {
    const ofIndexes = Object.values(INDEXES).map(({ name }) => `index-global~${TableName}~${name}~`);
    const found = await Promise.all(
      [`item-${TableName}~`, ...ofIndexes].map((prefix): Promise<unknown[]> => store.db.values({ gte: prefix, lt: `${prefix}\xff` }).all()),
    );
    return new Set(found.map((rows) => rows.map((row) => /before|after/.exec(JSON.stringify(row))?.[0]).join()));
  }

  it.each([
    ['putItem', { Item: item('after') }, 'after'],
    ['deleteItem', { Key: key }, ''],
  ])('%s leaves an item and its indexes in agreement', async (action, data, after) => {
    const seen = new Set<string>();
    for (let writes = 0; writes <= 6; writes++) {
      const store = await storeOf(writes);
      await Promise.race([act(store, action, data), delay(30)]);
      const found = await places(store);
      expect(found.size, `after ${writes} writes: ${[...found]}`).toBe(1);
      for (const place of found) seen.add(place);
    }
    expect([...seen]).toEqual(['before', after]);
  });
});

it('a delete of what is not there is answered', async () => {
  const database = await startDatabase(undefined);
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await createTable(database.endpoint, tableDefinition(TableName));
  const Key = { [KEYS.partition]: { S: 'SWITCH' }, [KEYS.sort]: { S: 'SWITCH' } };
  expect((await client.send(new DeleteItemCommand({ TableName, Key }))).$metadata.httpStatusCode).toBe(200);
  client.destroy();
  await database.stop();
});

it('a table whose creation was cut short is made anew', async () => {
  const path = await mkdtemp(join(tmpdir(), 'carillon-table-'));
  const store = dynalite.create({ path, createTableMs: 1e9 });
  const definition = tableDefinition(TableName);
  // Its timer goes with the process, which this one outlives.
  await act(store, 'createTable', structuredClone(definition));
  await store.db.close();
  const database = await startDatabase(path);
  await createTable(database.endpoint, definition);
  const client = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  expect((await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
  await database.stop();
  await rm(path, { recursive: true });
});
