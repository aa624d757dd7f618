import type { ModuleName } from '../../core/ids.ts';
import { render } from '../../core/job/render.ts';
import type { EngineSchedule } from '../../core/ports.ts';
import { Chance } from './chance.ts';
import { type Ledger, STRAY } from './ledger.ts';
import { CANARY } from './modules.ts';
import type { Ports, SimulatedStage } from './stage.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
export const IDS = ['a', 'b', 'c'] as const;
export type Id = (typeof IDS)[number];

/** What somebody asks of the API, does by hand, or deploys. */
export type Operation =
  | ({ readonly is: 'create' | 'put'; readonly id: Id; readonly module: string; readonly policies: object } & Plan)
  | ({ readonly is: 'patch'; readonly id: Id; readonly match: 'none' | 'current' | 'stale' } & Plan)
  | { readonly is: 'pause' | 'resume' | 'delete' | 'run' | 'retry' | 'cancel'; readonly id: Id }
  | { readonly is: 'hold' | 'release' | 'restore' }
  | { readonly is: 'drop'; readonly module: string }
  | { readonly is: 'meddle'; readonly how: 'delete' | 'flip' | 'change'; readonly nth: number }
  | { readonly is: 'strays'; readonly count: number };

/** A schedule, and how many minutes after the request it ends; an `at` is so many seconds after it. */
interface Plan {
  readonly schedule: string | { readonly secondsAhead: number };
  readonly endsIn: number | null;
}

/** One step of a history: its number, by which its chances are drawn, what is done, and how long nothing else is. */
export interface Step {
  readonly n: number;
  readonly operation: Operation;
  /** The next step does not wait for its answer. */
  readonly overlaps?: boolean;
  /** So long nothing else is asked, in milliseconds. */
  readonly pause: number;
}

/** So many steps are taken while the one before may still be answered. */
const OVERLAPPING = 0.3;
const SPARSE = ['rate(7 minutes)', 'rate(45 minutes)', 'cron(0/10 * * * ? *)', 'cron(15 * * * ? *)'];
const FINE = ['rate(1 minute)', 'rate(20 seconds)', 'rate(90 seconds)'];
const MODULES = ['quick', 'quick', 'fails', 'flaky', 'slow', 'secretive', 'chatty'];

/** Draws the steps of a history. */
export function drawSteps(seed: number, count: number): Step[] {
  return Array.from({ length: count }, (_, n) => {
    const chance = new Chance(seed, `draw ${n}`);
    const longest = chance.pick([SECOND, 20 * SECOND, MINUTE, 4 * MINUTE, 12 * MINUTE]);
    const operation = drawOperation(chance);
    return chance.is(OVERLAPPING)
      ? { n, operation, overlaps: true, pause: chance.below(3) * SECOND }
      : { n, operation, pause: chance.below(longest) };
  });
}

function drawOperation(chance: Chance): Operation {
  const id = chance.pick(IDS);
  const kind = chance.below(100);
  const plan = drawPlan(chance);
  const policies = {
    overlap: chance.pick(['skip', 'allow'] as const),
    retry: { maxAttempts: 1 + chance.below(3), backoff: '20s' },
    catchUp: { run: chance.pick(['latest', 'all', 'none'] as const), within: chance.pick(['5m', '1h']) },
  };
  const module = chance.pick(MODULES);
  if (kind < 30) return { is: kind < 24 ? 'create' : 'put', id, module, policies, ...plan };
  if (kind < 42) return { is: 'patch', id, match: chance.pick(['none', 'current', 'stale'] as const), ...plan };
  if (kind < 72)
    return { is: (['pause', 'resume', 'delete', 'run', 'retry', 'cancel'] as const)[Math.floor((kind - 42) / 5)] ?? 'run', id };
  if (kind < 75) return { is: 'hold' };
  if (kind < 79) return { is: 'release' };
  if (kind < 82) return { is: 'drop', module };
  if (kind < 86) return { is: 'restore' };
  if (kind < 97) return { is: 'meddle', how: chance.pick(['delete', 'flip', 'change'] as const), nth: chance.below(3) };
  return { is: 'strays', count: 1 + chance.below(7) };
}

function drawPlan(chance: Chance): Plan {
  const kind = chance.below(10);
  if (kind === 0) return { schedule: { secondsAhead: chance.below(30 * 60) }, endsIn: null };
  if (kind <= 2) return { schedule: chance.pick(FINE), endsIn: 5 + chance.below(20) };
  return { schedule: chance.pick(SPARSE), endsIn: chance.is(0.2) ? 30 + chance.below(60) : null };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into freely
  readonly json: any;
}

/** The HTTP API over the ports of a process. */
export type Api = (ports: Ports) => (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Answer>;

/** Holds what was acknowledged of a job against what is stored. */
export type Check = (stage: SimulatedStage, ledger: Ledger, name: string, operation: JobOperation, answer: Answer) => void | Promise<void>;
type JobOperation = Extract<Operation, { id: Id }>;

/** Takes a step: asks, asks again with the same key where there was no answer, and writes down what was acknowledged. */
export async function take(stage: SimulatedStage, ledger: Ledger, api: Api, check: Check, { n, operation }: Step): Promise<void> {
  const name = `step ${n}`;
  const ask = (who: string, method: string, path: string, body?: object, headers?: Record<string, string>) =>
    stage.ask(who, (ports) => api(ports)(method, path, body, headers));
  const keyed = async (path: string, body: object) => {
    const headers = { 'Idempotency-Key': name.replaceAll(' ', '-') };
    const first = await ask(name, 'POST', path, body, headers);
    if (first && first.status < 500) return first;
    return ask(`${name} again`, 'POST', path, body, headers);
  };
  const bodyOf = ({ schedule, endsIn }: Plan) => {
    const isoIn = (ms: number) => `${new Date(stage.clock.now() + ms).toISOString().slice(0, 19)}`;
    const end = endsIn === null ? null : `${isoIn(endsIn * MINUTE)}Z`;
    return typeof schedule === 'string' ? { schedule, end } : { schedule: `at(${isoIn(schedule.secondsAhead * SECOND)})`, end };
  };
  const job = 'id' in operation ? `/v1/jobs/${operation.id}` : '';
  const answer = await (async (): Promise<Answer | undefined> => {
    switch (operation.is) {
      case 'create':
      case 'put': {
        const { id, module, policies } = operation;
        const body = { module, policies, ...bodyOf(operation), ...(module === 'secretive' && { input: { token: CANARY } }) };
        return operation.is === 'create' ? keyed('/v1/jobs', { id, ...body }) : ask(name, 'PUT', job, body);
      }
      case 'patch': {
        const before = operation.match === 'none' ? undefined : await ask(`${name} reads`, 'GET', job);
        const rev = Number(before?.json?.rev ?? 0) - (operation.match === 'stale' ? 1 : 0);
        const revs = ledger.current.get(operation.id as never)?.rev;
        const patched = await ask(name, 'PATCH', job, bodyOf(operation), before && { 'If-Match': `"${rev}"` });
        if (operation.match === 'stale' && before?.status === 200 && patched && patched.status < 300 && revs !== rev) {
          ledger.violate('S3', `${name}: If-Match of a revision that is gone was obeyed`);
        }
        return patched;
      }
      case 'pause':
      case 'resume':
        return ask(name, 'POST', `${job}/${operation.is}`, {});
      case 'delete':
        return ask(name, 'DELETE', job);
      case 'run':
        return keyed(`${job}/run`, {});
      case 'retry':
      case 'cancel': {
        const live = ['running', 'waiting'];
        const runs = [...ledger.runs.values()].filter(({ jobId, jobUid }) => ledger.current.get(jobId)?.uid === jobUid);
        const run = runs.findLast(({ jobId, state }) => jobId === operation.id && live.includes(state) === (operation.is === 'cancel'));
        if (!run) return undefined;
        const path = `${job}/runs/${run.runId}/${operation.is}`;
        return operation.is === 'retry' ? keyed(path, {}) : ask(name, 'POST', path, {});
      }
      case 'hold':
      case 'release':
        return ask(name, 'POST', `/v1/${operation.is}`, {});
      case 'drop':
        stage.dropped.add(operation.module);
        return undefined;
      case 'restore':
        stage.dropped.clear();
        return undefined;
      case 'meddle':
      case 'strays':
        await stage.calmly(() => byHand(stage, ledger, name, operation));
        return undefined;
    }
  })();
  stage.say(`${name} ${JSON.stringify(operation)}: ${answer?.status}`);
  if (!answer) return;
  if (JSON.stringify(answer.json).includes(CANARY)) ledger.violate('S9', `${name}: a secret is in an answer`);
  if (answer.status < 300 && 'id' in operation) await stage.calmly(async () => check(stage, ledger, name, operation, answer));
}

/** Somebody at EventBridge's console. */
async function byHand({ services, clock }: SimulatedStage, ledger: Ledger, name: string, operation: Operation): Promise<void> {
  const { engine } = services;
  const now = clock.now();
  if (operation.is === 'strays') {
    for (let n = 0; n < operation.count; n++) await engine.put(stray(`${STRAY}${n}.${name.replace(' ', '')}`, now));
  }
  if (operation.is !== 'meddle') return;
  const job = [...ledger.current.values()][operation.nth];
  const schedule = job && render(job);
  const row = schedule && (await engine.list(schedule.name, undefined)).schedules[0];
  // What is changed in the minutes of Carillon's own write is not told from it (docs/guarantees.md).
  if (!row || row.modifiedAt > now - 3 * MINUTE) return;
  if (operation.how === 'delete') await engine.remove(schedule.name);
  if (operation.how === 'flip') await engine.put({ ...schedule, enabled: !schedule.enabled });
  if (operation.how === 'change') {
    ledger.changedByHand.add(job.uid);
    await engine.put({ ...schedule, expression: 'rate(11 minutes)', start: Math.ceil((now + MINUTE) / SECOND) * SECOND });
  }
}

/** A schedule that has no job. */
function stray(name: string, now: number): EngineSchedule {
  const [id, uid] = name.split('.');
  const payload = { jobId: id, jobUid: uid, timing: 1 } as EngineSchedule['payload'];
  const bounds = { start: Math.ceil((now + MINUTE) / SECOND) * SECOND, end: null };
  const module = 'noop' as ModuleName;
  return { name, module, expression: 'rate(13 minutes)', timezone: 'UTC', enabled: true, ...bounds, payload, deleteAfterCompletion: false };
}

/** S3 and S7, by what was acknowledged and what the stores were seen to do. */
export const checkAnswer: Check = (_stage, ledger, name, operation, { json }) => {
  const made = ledger.made.get(name)?.size ?? 0;
  if (made > 1) ledger.violate('S7', `${name} was asked for once and made ${made}`);
  const isStored = (() => {
    switch (operation.is) {
      case 'run':
      case 'retry':
        return [...ledger.runs.values()].some(({ runId }) => runId === json.runId);
      case 'delete':
        return ledger.deletedBy.has(name);
      case 'cancel':
        return true;
      default:
        return [...ledger.versions.values()].flat().some(({ id, rev }) => id === operation.id && rev === json.rev);
    }
  })();
  if (!isStored) ledger.violate('S3', `${name} (${operation.is}) was acknowledged and is not stored`);
};
