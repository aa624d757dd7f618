import { Session } from 'node:inspector/promises';
import { handle } from 'hono/aws-lambda';
import type { JobId } from '../../core/ids.ts';
import { deliverTick } from '../../core/run/deliver.ts';
import { api } from '../../functions/api/app.ts';
import { world } from '../support/world.ts';
import { type ApiHandler, apiEvent } from './api-event.ts';
import { atMost, type Figure, median, quantile, type Section } from './figures.ts';

// What a request and a run cost the processor in the handlers themselves: everything is the real code but the ports, which are in memory.

const ROUNDS = 9;
const EACH = 2_000;
const MINUTE = 60_000;

interface Cost {
  readonly processorMs: number;
  readonly p99Ms: number;
  readonly kilobytes: number;
}

export async function processor(): Promise<Section> {
  const create = await cost(creates());
  const run = await cost(runs());
  return {
    figures: [...figures('a create', create, 1), ...figures('a run', run, 0.5)],
    text: [
      `Medians of ${ROUNDS} rounds of ${EACH}, warm: the handler of the API (payload 2.0 to answer) and the delivery of a tick (policy \`allow\`) with ports in memory, which copy what they keep. Schemas are made when a module is imported; \`test/functions/api/schemas.test.ts\` holds that none is made by a request.`,
    ],
  };
}

function figures(what: string, { processorMs, p99Ms, kilobytes }: Cost, limit: number): Figure[] {
  return [
    { what: `${what}: processor`, value: processorMs, unit: 'ms', budget: atMost(limit) },
    { what: `${what}: 99 of 100 take at most`, value: p99Ms, unit: 'ms' },
    { what: `${what}: allocated`, value: kilobytes, unit: 'KB' },
  ];
}

function creates(): (n: number) => Promise<void> {
  const handler = handle(api(world())) as unknown as ApiHandler;
  return async (n) => {
    const body = JSON.stringify({ id: `job-${n}`, module: 'noop', schedule: { type: 'at', at: '2027-12-30T00:00:00' } });
    const answer = await handler(apiEvent('POST', '/v1/jobs', '', body));
    if (answer.statusCode !== 201) throw new Error(JSON.stringify(answer));
  };
}

/** Each job has one run a round, so that none has many. */
function runs(): (n: number) => Promise<void> {
  const w = world();
  return async (n) => {
    const of = n % EACH;
    const id = `job-${of}` as JobId;
    if (n < EACH)
      await w.request('POST', '/v1/jobs', { id, module: 'noop', schedule: 'cron(* * * * ? *)', policies: { overlap: 'allow' } });
    if (of === 0) await w.clock.advance(MINUTE);
    const job = await w.jobs.get(id);
    if (!job) throw new Error(`${id} is not there`);
    const dueAt = Math.floor(w.clock.now() / MINUTE) * MINUTE;
    const tick = { jobId: id, jobUid: job.uid, timing: job.timing, dueAt };
    const delivery = await deliverTick(w.runner, tick, { id: `i${n}`, deadline: w.clock.now() + 15 * MINUTE });
    if (delivery.is !== 'ran' && n >= EACH) throw new Error(JSON.stringify(delivery));
  };
}

async function cost(once: (n: number) => Promise<void>): Promise<Cost> {
  const [processorMs, p99Ms]: [number[], number[]] = [[], []];
  let n = 0;
  for (let round = 0; round < ROUNDS + 2; round++) {
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let i = 0; i < EACH; i++) {
      const began = performance.now();
      await once(n++);
      times.push(performance.now() - began);
    }
    const { user, system } = process.cpuUsage(before);
    if (round < 2) continue;
    processorMs.push((user + system) / 1_000 / EACH);
    p99Ms.push(quantile(times, 0.99));
  }
  return {
    processorMs: median(processorMs),
    p99Ms: median(p99Ms),
    kilobytes:
      (await allocated(async () => {
        for (let i = 0; i < EACH; i++) await once(n++);
      })) /
      EACH /
      1_024,
  };
}

/** How many bytes are allocated by something, as V8 samples them. */
async function allocated(work: () => Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  const all = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post('HeapProfiler.startSampling', { samplingInterval: 4_096, ...all });
  await work();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  const sum = ({ selfSize, children }: typeof profile.head): number => children.reduce((total, child) => total + sum(child), selfSize);
  return sum(profile.head);
}
