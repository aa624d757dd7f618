// Makes dynalite's store survive a kill at any instant, and spares it work. As it comes, an item and its entries in the indexes
// are separate writes, and a process that dies between them leaves a job that no list shows, or a list that shows what is gone.
// And each read goes through other threads, though what it reads is in memory most of the time.
import { Stream } from 'node:stream';
import db from 'dynalite/db/index.js';

/** How many values of a query are taken from the file at once. */
const VALUES = 500;

/** Changes dynalite for this thread: an item and its index entries become one write. Calls back with each store that is opened. */
export function writeWhole(opened = () => undefined) {
  const { create } = db;
  db.create = (options) => {
    const store = create(options);
    store.indexEntries = new Map();
    writeWithEntries(store);
    readAtOnce(store.db);
    opened(store);
    return store;
  };
  db.updateIndexes = (store, table, before, after, done) => {
    const entries = ['Local', 'Global'].flatMap((kind) => entriesOf(kind, table, before, after));
    // A delete of what is not there has nothing before and nothing after.
    if (entries.length === 0) return done();
    // dynalite puts or deletes the item itself right after this, and holds the lock of its key.
    store.indexEntries.set(`item-${table.TableName}~${db.createKey(after ?? before, table)}`, entries);
    done();
  };
}

function entriesOf(kind, table, before, after) {
  const { puts, deletes } = db.getIndexActions(table[`${kind}SecondaryIndexes`] ?? [], before, after, table);
  const keyOf = ({ index, key }) => `index-${kind.toLowerCase()}~${table.TableName}~${index}~${key}`;
  return [
    ...deletes.map((entry) => ({ type: 'del', key: keyOf(entry) })),
    ...puts.map((entry) => ({ type: 'put', key: keyOf(entry), value: entry.item })),
  ];
}

function writeWithEntries({ db: level, indexEntries }) {
  const { put, del, batch } = level;
  const withEntries = (operation, alone, done) => {
    const entries = indexEntries.get(operation.key);
    if (!entries) return alone();
    indexEntries.delete(operation.key);
    return batch([...entries, operation], done);
  };
  level.put = (key, value, done) => withEntries({ type: 'put', key, value }, () => put(key, value, done), done);
  level.del = (key, done) => withEntries({ type: 'del', key }, () => del(key, done), done);
}

/** An item is read without leaving the thread, and the values of a query many at a time. */
function readAtOnce(level) {
  const { get } = level;
  level.get = (key, done) => {
    // While it is being opened the store calls itself again later, without a callback.
    if (level.status !== 'open' || typeof done !== 'function') return get(key, done);
    let value;
    try {
      value = level.getSync(key);
    } catch (error) {
      return done(error);
    }
    done(null, value);
  };
  level.createValueStream = (range) => {
    const stream = new Stream();
    let isWanted = true;
    stream.destroy = () => {
      isWanted = false;
    };
    const take = (value) => {
      stream.emit('data', value);
      return isWanted;
    };
    readValues(level, range, take).then(
      () => isWanted && stream.emit('end'),
      (error) => stream.emit('error', error),
    );
    return stream;
  };
}

/** Hands over the values of a range in order, as long as each answer is that more are wanted. */
async function readValues(level, range, take) {
  const values = level.values({ highWaterMarkBytes: 1024 * 1024, ...range });
  try {
    for (let some = await values.nextv(VALUES); some.length > 0; some = await values.nextv(VALUES)) {
      for (const value of some) if (!take(value)) return;
    }
  } finally {
    await values.close();
  }
}

/** A table whose creation was cut short would stay as it is for ever; it has no items yet, so it is made anew. */
export async function forgetUnfinishedTables({ db: level }) {
  const tables = await level.values({ gte: 'table~', lt: 'table~\xff' }).all();
  const unfinished = tables.filter(({ TableStatus }) => TableStatus === 'CREATING');
  await level.batch(unfinished.map(({ TableName }) => ({ type: 'del', key: `table~${TableName}` })));
}
