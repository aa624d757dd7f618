import type { CreateJobBody } from '../core/contract/bodies.ts';
import type { ModuleDefinition } from '../core/define-module.ts';
import { type JobView, jobView } from '../core/job/job-view.ts';
import { type RunView, runView } from '../core/run/run-view.ts';
import { type AnyModule, definitionOf, type InputOf } from './any-module.ts';
import { instantFrom } from './instants.ts';
import { ModuleTime, withModuleTime } from './module-time.ts';
import { newJob } from './new-job.ts';
import { Process } from './simulator/process.ts';
import { memoryServices } from './simulator/services.ts';
import { SimulatedStage } from './simulator/stage.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Modules by their names: definitions, or imports of them as in jobs/index.ts. */
export type SimulatedModules = Readonly<Record<string, AnyModule | (() => Promise<{ readonly default: AnyModule }>)>>;

type Loaded<Entry> = Entry extends AnyModule
  ? Entry
  : Entry extends () => Promise<{ readonly default: infer M extends AnyModule }>
    ? M
    : never;

/** The body of POST /v1/jobs, with the input that its module takes; the module is the one of the job's id if none is named. */
export type SimulatedJob<Modules extends SimulatedModules> = {
  [Name in keyof Modules & string]: Omit<CreateJobBody, 'id' | 'module' | 'input' | 'fromFile'> & {
    readonly input?: InputOf<Loaded<Modules[Name]>>;
  } & ({ readonly id: string; readonly module: Name } | { readonly id: Name; readonly module?: undefined });
}[keyof Modules & string];

export interface Simulation<Modules extends SimulatedModules> {
  readonly modules: Modules;
  readonly jobs: readonly SimulatedJob<Modules>[];
  /** When the jobs are created: a job is due from then on, as one that you POST. */
  readonly from: Date | string;
  /** When the simulation ends; what is due at that instant is still started. */
  readonly to: Date | string;
}

/** What the API would show in the end. */
export interface Simulated {
  /** In the order in which they were started, or due if they were not. */
  readonly runs: readonly RunView[];
  /** In the order in which they were given. */
  readonly jobs: readonly JobView[];
}

/**
 * Creates jobs and lives through the time after that on a virtual clock, with everything that Carillon does in production.
 *
 * Rejects when a job is refused, with what the API would have answered.
 */
export async function simulate<const Modules extends SimulatedModules>(simulation: Simulation<Modules>): Promise<Simulated> {
  const [from, to] = [instantFrom(simulation.from, 'from'), instantFrom(simulation.to, 'to')];
  if (to < from) throw new Error('simulate: "to" lies before "from"');
  const clock = new VirtualClock(from);
  const time = new ModuleTime(clock);
  const modules = await load(simulation.modules, time);
  const stage = new SimulatedStage({
    ...{ clock, seed: 1, tickLateness: 0, skew: 0 },
    modulesOf: () => modules,
    servicesFor: (deliveries) => ({ ...memoryServices(deliveries), quiet: () => time.quiet() }),
  });
  const ports = stage.portsOf(new Process('simulate', clock));
  const created = [];
  for (const [n, job] of simulation.jobs.entries()) created.push(await newJob(ports, job, `jobs[${n}]`));
  await withModuleTime(() => stage.pass(to - from));

  const all = created.map(async ({ job: { id, uid }, module }) => {
    const [job, { runs }] = await Promise.all([stage.services.jobs.get(id), stage.services.runs.list(uid, { limit: Infinity })]);
    if (!job) throw new Error(`the job ${id} was lost, which is a defect in Carillon`);
    return { job: await jobView(job, module, runs[0] ?? null, to), runs: runs.map((run) => runView(run, module)) };
  });
  const shown = await Promise.all(all);
  return { runs: shown.flatMap(({ runs }) => runs).sort((a, b) => startOf(a) - startOf(b)), jobs: shown.map(({ job }) => job) };
}

async function load(modules: SimulatedModules, time: ModuleTime): Promise<Record<string, ModuleDefinition>> {
  const loaded = Object.entries(modules).map(async ([name, entry]) => {
    const module = typeof entry === 'function' ? (await entry()).default : entry;
    return [name, time.of(definitionOf(module))] as const;
  });
  return Object.fromEntries(await Promise.all(loaded));
}

function startOf({ startedAt, dueAt }: RunView): number {
  return Date.parse(startedAt ?? dueAt);
}
