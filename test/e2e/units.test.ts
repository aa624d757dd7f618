import { readFileSync } from 'node:fs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { writeUnits } from '../../aws/units.ts';
import { UNITS_OF_A_RUN, UNITS_OF_ITS_WALK } from '../../core/job/cost.ts';
import { type AwsWorld, awsWorlds } from '../faults/aws-world.ts';

// What each operation costs, counted by the database for the table and by aws/units.ts for the indexes, which the embedded
// database does not count; docs/costs.md holds the table that this prints.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** USD per million on-demand units in us-east-1 (aws.amazon.com/dynamodb/pricing/on-demand). */
const USD = { write: 0.625, read: 0.125 };

const make = awsWorlds();

interface Units {
  write: number;
  read: number;
}

/** Counts what calls cost while something is done, and holds our own reckoning against the database's. */
async function costOf(w: AwsWorld, work: () => Promise<unknown>): Promise<Units> {
  const { client, name } = w.table;
  const { send } = client;
  const units: Units = { write: 0, read: 0 };
  // biome-ignore lint/suspicious/noExplicitAny: the commands of the SDK have nothing in common
  const plain = (command: any): Promise<any> => (send as (command: unknown) => Promise<unknown>).call(client, command);
  // biome-ignore lint/suspicious/noExplicitAny: the commands of the SDK have nothing in common
  client.send = async (command: any) => {
    command.input.ReturnConsumedCapacity = 'TOTAL';
    const kind = command.constructor.name;
    if (kind === 'GetCommand' || kind === 'QueryCommand') {
      const answer = await plain(command);
      // AWS counts an empty answer too.
      units.read += Math.max(command.input.ConsistentRead ? 1 : 0.5, answer.ConsumedCapacity.CapacityUnits);
      return answer;
    }
    const Key = command.input.Key ?? { pk: command.input.Item.pk, sk: command.input.Item.sk };
    const read = async () => (await plain(new GetCommand({ TableName: name, Key, ConsistentRead: true }))).Item;
    const before = await read();
    const answer = await plain(command).catch((error: unknown) => {
      // A write whose condition fails is paid for, too.
      units.write += writeUnits(before, before).table;
      throw error;
    });
    const reckoned = writeUnits(before, await read());
    expect(answer.ConsumedCapacity.CapacityUnits).toBe(reckoned.table);
    units.write += reckoned.table + reckoned.indexes;
    return answer;
  };
  try {
    await work();
  } finally {
    client.send = send;
  }
  return units;
}

const body = { id: 'job', module: 'works', schedule: 'cron(* * * * ? *)', timezone: 'Europe/Berlin', description: 'Weekly numbers' };

async function job(more: object = {}): Promise<AwsWorld> {
  const { w } = await make();
  expect((await w.request('POST', '/v1/jobs', { ...body, ...more })).status).toBe(201);
  return w;
}

/** The cost of a minute in which the job is due once, after one in which it was due too. */
async function costOfMinute(policies: object, module = 'works', ms = MINUTE): Promise<Units> {
  const w = await job({ module, policies });
  // In the first minutes a new job's due times come through the queue, too.
  await w.pass(5 * MINUTE + 30 * SECOND);
  // What every process asks once in five seconds is counted on its own.
  await w.stage.read();
  w.stage.read = async () => null;
  return costOf(w, () => w.pass(ms));
}

it('an operation costs no more than it should', async () => {
  const rows: [string, Units, Units][] = [];
  const row = (name: string, cost: Units, most: Units) => rows.push([name, cost, most]);

  const { w } = await make();
  row('create a job', await costOf(w, () => w.request('POST', '/v1/jobs', body)), { write: 5, read: 0 });
  const key = { 'Idempotency-Key': 'k' };
  row('create a job, with an Idempotency-Key', await costOf(w, () => w.request('POST', '/v1/jobs', { ...body, id: 'keyed' }, key)), {
    write: 8,
    read: 0,
  });
  row('read a job', await costOf(w, () => w.request('GET', '/v1/jobs/job')), { write: 0, read: 1.5 });
  row('change its input, policies or texts', await costOf(w, () => w.request('PATCH', '/v1/jobs/job', { description: 'other' })), {
    write: 2,
    read: 1.5,
  });
  row('change its schedule', await costOf(w, () => w.request('PATCH', '/v1/jobs/job', { schedule: 'cron(0/2 * * * ? *)' })), {
    write: 5,
    read: 1.5,
  });
  row('pause it', await costOf(w, () => w.request('POST', '/v1/jobs/job/pause')), { write: 5, read: 1.5 });
  row('resume it', await costOf(w, () => w.request('POST', '/v1/jobs/job/resume')), { write: 5, read: 1.5 });
  row('delete it', await costOf(w, () => w.request('DELETE', '/v1/jobs/job')), { write: 5, read: 1 });

  row('a run that succeeds, overlap allow', await costOfMinute({ overlap: 'allow' }), UNITS_OF_A_RUN.allow);
  row('a run that succeeds, overlap skip (the default)', await costOfMinute({ overlap: 'skip' }), UNITS_OF_A_RUN.skip);
  const failing = { overlap: 'allow', retry: { maxAttempts: 1 } };
  row('a run that fails, with its stack', await costOfMinute(failing, 'fails'), { write: 4, read: 1.5 });
  const retried = { overlap: 'allow', retry: { maxAttempts: 2, backoff: '1s' } };
  const twice = await costOfMinute(retried, 'fails');
  const once = rows.at(-1)?.[1] ?? { write: 0, read: 0 };
  row('each further attempt of it', { write: twice.write - once.write, read: twice.read - once.read }, { write: 4, read: 2 });
  row('a run that is skipped for overlap', await costOfSkipped(), { write: 3, read: 4.5 });

  const manual = await job({ schedule: 'rate(1 day)', policies: { overlap: 'allow' } });
  await manual.stage.read();
  manual.stage.read = async () => null;
  const asked = costOf(manual, async () => {
    await manual.request('POST', '/v1/jobs/job/run');
    await manual.pass(5 * SECOND);
  });
  row('a run that is asked for, overlap allow', await asked, { write: 5, read: 3 });

  row('what the reconciler reads of a run that is over when it passes, at most', await costOfWalks(), {
    write: 0,
    read: UNITS_OF_ITS_WALK,
  });

  const usd = ({ write, read }: Units) => (write * USD.write + read * USD.read).toFixed(2);
  const line = ([name, cost]: (typeof rows)[number]) => `| ${name} | ${cost.write} | ${cost.read} | ${usd(cost)} |`;
  const table = ['| operation | write units | read units | USD per million |', '| --- | --- | --- | --- |', ...rows.map(line)].join('\n');
  console.log(table);
  for (const [name, cost, most] of rows) {
    expect(cost.write, `write units of: ${name}`).toBeLessThanOrEqual(most.write);
    expect(cost.read, `read units of: ${name}`).toBeLessThanOrEqual(most.read);
  }
  expect(readFileSync(new URL('../../docs/costs.md', import.meta.url), 'utf8')).toContain(`\n${table}\n`);
}, 60_000);

async function costOfSkipped(): Promise<Units> {
  const w = await job({ module: 'lasts' });
  await w.pass(5 * MINUTE + 30 * SECOND);
  w.stage.read = async () => null;
  w.runs.beat = async () => 'goOn';
  return costOf(w, () => w.pass(MINUTE));
}

/** What the walks of an hour cost in which a job with a history was due, beyond those of an hour in which it was not. */
async function costOfWalks(): Promise<Units> {
  const w = await job({ schedule: 'cron(0 1/2 * * ? *)', timezone: 'UTC', policies: { overlap: 'allow' } });
  await w.pass(200 * HOUR - MINUTE);
  const walks = async () => {
    const all: Units = { write: 0, read: 0 };
    for (let n = 0; n < 12; n += 1) {
      await w.pass(5 * MINUTE);
      const { write, read } = await costOf(w, () => w.reconcile());
      all.write += write;
      all.read += read;
    }
    return all;
  };
  // The first one looks at all that was due before it.
  await walks();
  await walks();
  const idle = await walks();
  const due = await walks();
  return { write: due.write - idle.write, read: due.read - idle.read };
}
