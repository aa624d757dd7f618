// Makes dynalite's store survive a kill at any instant: as it comes, an item and its entries in the indexes are separate
// writes, and a process that dies between them leaves a job that no list shows, or a list that shows what is gone.
import db from 'dynalite/db/index.js';

/** Changes dynalite for this thread: an item and its index entries become one write. Calls back with each store that is opened. */
export function writeWhole(opened = () => undefined) {
  const { create } = db;
  db.create = (options) => {
    const store = create(options);
    opened(store);
    return store;
  };
  db.updateIndexes = (store, table, before, after, done) => {
    const entries = ['Local', 'Global'].flatMap((kind) => entriesOf(kind, table, before, after));
    if (entries.length === 0) return done();
    const key = `item-${table.TableName}~${db.createKey(after ?? before, table)}`;
    // dynalite puts or deletes the item itself right after this, which then changes nothing.
    store.db.batch([...entries, after ? { type: 'put', key, value: after } : { type: 'del', key }], done);
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

/** A table whose creation was cut short would stay as it is for ever; it has no items yet, so it is made anew. */
export async function forgetUnfinishedTables({ db: level }) {
  const tables = await level.values({ gte: 'table~', lt: 'table~\xff' }).all();
  const unfinished = tables.filter(({ TableStatus }) => TableStatus === 'CREATING');
  await level.batch(unfinished.map(({ TableName }) => ({ type: 'del', key: `table~${TableName}` })));
}
