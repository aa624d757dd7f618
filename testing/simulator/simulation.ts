import { createJob } from '../../core/job/create-job.ts';
import { deleteJob } from '../../core/job/delete-job.ts';
import { pauseJob, resumeJob } from '../../core/job/pause-job.ts';
import { patchJob } from '../../core/job/update-job.ts';
import type { EngineSchedule } from '../../core/ports.ts';
import { reconcile } from '../../core/reconcile/reconcile.ts';
import { undelivered } from '../../core/reconcile/undelivered.ts';
import { type Delivery, deliverMessage, deliverTick } from '../../core/run/deliver.ts';
import type { Invocation, RunnerPorts } from '../../core/run/execute.ts';
import { type Envelope, messageSchema, tickSchema } from '../../core/run/message.ts';
import { requestRun } from '../../core/run/request-run.ts';
import type { Instant } from '../../core/schedule/schedule.ts';
import { MemoryEngine, MemoryQueue, tickAfter } from '../memory-engine.ts';
import { memoryJobs } from '../memory-jobs.ts';
import { memoryModules } from '../memory-modules.ts';
import { memoryRuns } from '../memory-runs.ts';
import { memoryCheckpoints, memoryKeys, memorySwitch } from '../memory-stage.ts';
import { settled, VirtualClock } from '../virtual-clock.ts';
import { Chance } from './chance.ts';
import { clockOf, type Fate, type Process, withFaults } from './faults.ts';
import { type Effect, simulatedModules } from './modules.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LAMBDA_TIMEOUT = 15 * MINUTE;
const VISIBILITY = LAMBDA_TIMEOUT + 2 * MINUTE;
const RECEIVES = 5;

export interface SimulationOptions {
  readonly seed: number;
  /** How likely a call of a service meets a fault. */
  readonly faults: number;
}

interface Event {
  readonly at: Instant;
  readonly order: number;
  happen(): void;
}

/** The whole of Carillon on a virtual clock, its services in memory; what comes when, and what fails, is drawn from a seed. */
export class Simulation {
  readonly clock = new VirtualClock('2027-01-01T00:00:00Z');
  readonly jobs = memoryJobs();
  readonly runs = memoryRuns();
  readonly engine = new MemoryEngine(this.clock);
  readonly chance: Chance;
  readonly effects: Effect[] = [];
  /** What happened, a line each; the same for the same seed. */
  readonly trace: string[] = [];
  readonly #stage = { stage: memorySwitch(), keys: memoryKeys(), checkpoints: memoryCheckpoints() };
  readonly #queue = new MemoryQueue();
  readonly #modules: ReturnType<typeof memoryModules>;
  readonly #ticked = new Map<string, { readonly schedule: EngineSchedule; next: Instant | undefined }>();
  #events: Event[] = [];
  #order = 0;
  #invocations = 0;
  #faults: number;

  constructor({ seed, faults }: SimulationOptions) {
    this.chance = new Chance(seed);
    this.#faults = faults;
    this.#modules = memoryModules(simulatedModules(this.clock, this.effects));
    this.#after(3 * MINUTE, () => this.#reconcileForEver());
  }

  /** From now on nothing fails. */
  heal(): void {
    this.#faults = 0;
  }

  /** Does what someone asks of the API; whether it was acknowledged. */
  async ask(what: string, work: (ports: ReturnType<Simulation['portsOf']>) => Promise<{ readonly ok: boolean }>): Promise<boolean> {
    const process: Process = { isDead: false };
    let answer: boolean | undefined;
    const asked = work(this.portsOf(process)).then(
      ({ ok }) => {
        answer = ok;
      },
      () => {
        answer = false;
      },
    );
    // API Gateway gives up after 30 s; what hangs or has died by then was not acknowledged.
    const limit = this.clock.now() + 30 * SECOND;
    while (answer === undefined && this.clock.now() < limit) {
      await Promise.race([asked, settled()]);
      if (answer === undefined) await this.pass(SECOND);
    }
    this.#say(`${what}: ${answer ?? 'no answer'}`);
    return answer ?? false;
  }

  create(id: string, schedule: string, module: string, policies: object): Promise<boolean> {
    const body = { id, schedule, module, policies };
    return this.ask(`create ${id} ${schedule} ${module}`, (ports) => createJob(ports, body));
  }

  patch(id: string, schedule: string): Promise<boolean> {
    return this.ask(`patch ${id} ${schedule}`, (ports) => patchJob(ports, id, { schedule }, undefined));
  }

  pause(id: string): Promise<boolean> {
    return this.ask(`pause ${id}`, (ports) => pauseJob(ports, id, { by: 'user', reason: null }, undefined));
  }

  resume(id: string): Promise<boolean> {
    return this.ask(`resume ${id}`, (ports) => resumeJob(ports, id, undefined));
  }

  delete(id: string): Promise<boolean> {
    return this.ask(`delete ${id}`, (ports) => deleteJob(ports, id, undefined));
  }

  run(id: string): Promise<boolean> {
    const suffix = Array.from({ length: 8 }, () => this.chance.pick([...'abcdefghijklmnop'])).join('');
    return this.ask(`run ${id}`, (ports) => requestRun(ports, id, {}, { at: this.clock.now(), suffix }));
  }

  /** Someone changes or deletes a schedule by hand. */
  meddle(): void {
    const schedule = this.chance.pick([...this.engine.schedules.values()]);
    if (!schedule) return;
    this.#say(`meddle with ${schedule.name}`);
    if (this.chance.is(0.5)) this.engine.schedules.delete(schedule.name);
    else this.engine.set({ ...schedule, enabled: !schedule.enabled });
  }

  /** Lets time pass: schedules tick, messages arrive, the reconciler makes its passes. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    for (;;) {
      await settled();
      this.#take();
      const at = Math.min(this.#nextEvent()?.at ?? Infinity, this.#nextTick() ?? Infinity, this.clock.nextWake ?? Infinity);
      if (at > until) break;
      await this.clock.advance(Math.max(0, at - this.clock.now()));
      for (let event = this.#nextEvent(); event && event.at <= at; event = this.#nextEvent()) {
        this.#events = this.#events.filter((other) => other !== event);
        event.happen();
        await settled();
      }
      this.#tick(at);
    }
    await this.clock.advance(Math.max(0, until - this.clock.now()));
  }

  /** The ports as one process has them. */
  portsOf(process: Process) {
    const fate = () => this.#fate(process);
    const clock = clockOf(this.clock, process);
    const retry = (call: string) => (call === 'put' || call === 'remove' ? { is: 'retry', reason: 'injected' } : undefined);
    return {
      clock,
      random: { bytes: (count: number) => Uint8Array.from({ length: count }, () => this.chance.below(256)) },
      jobs: withFaults(this.jobs, process, clock, fate),
      runs: withFaults(this.runs, process, clock, fate),
      engine: withFaults(this.engine, process, clock, fate, retry),
      queue: withFaults(this.#queue, process, clock, fate),
      catalog: this.#modules,
      ...this.#stage,
    };
  }

  #fate(process: Process): Fate {
    if (process.isDead || !this.chance.is(this.#faults)) return 'pass';
    return this.chance.pick<Fate>(['error', 'error', 'dropAfter', 'dropAfter', 'hang', 'duplicate', 'crash', 'crashAfter']);
  }

  #after(ms: number, happen: () => void): void {
    this.#events.push({ at: this.clock.now() + ms, order: this.#order++, happen });
  }

  #nextEvent(): Event | undefined {
    return this.#events.reduce<Event | undefined>(
      (first, event) => (!first || event.at < first.at || (event.at === first.at && event.order < first.order) ? event : first),
      undefined,
    );
  }

  /** When EventBridge ticks next. */
  #nextTick(): Instant | undefined {
    for (const name of this.#ticked.keys()) if (!this.engine.schedules.has(name)) this.#ticked.delete(name);
    let first: Instant | undefined;
    for (const schedule of this.engine.schedules.values()) {
      let known = this.#ticked.get(schedule.name);
      if (known?.schedule !== schedule) {
        known = { schedule, next: tickAfter(schedule, this.clock.now() - 1) };
        this.#ticked.set(schedule.name, known);
      }
      if (known.next !== undefined && (first === undefined || known.next < first)) first = known.next;
    }
    return first;
  }

  #tick(at: Instant): void {
    for (const known of this.#ticked.values()) {
      if (known.next === undefined || known.next > at) continue;
      const { schedule } = known;
      const event = { ...schedule.payload, dueAt: new Date(known.next).toISOString() };
      known.next = tickAfter(schedule, known.next);
      if (known.next === undefined && schedule.deleteAfterCompletion) this.engine.schedules.delete(schedule.name);
      const times = this.chance.is(this.#faults / 4) ? 0 : this.chance.is(this.#faults / 2) ? 2 : 1;
      for (let n = 0; n < times; n++) this.#after(this.#lateness(), () => this.#invoke(event));
    }
  }

  #lateness(): number {
    if (this.chance.is(this.#faults / 10)) return this.chance.below(50) * MINUTE;
    return this.chance.below(50 * SECOND);
  }

  /** Takes what was sent, for the queue to deliver after its delay. */
  #take(): void {
    for (const envelope of this.#queue.sent.splice(0)) {
      if (this.chance.is(this.#faults / 20)) continue;
      this.#after(envelope.delaySeconds * SECOND, () => this.#receive(envelope, 1));
      if (this.chance.is(this.#faults / 4))
        this.#after(envelope.delaySeconds * SECOND + this.chance.below(5_000), () => this.#receive(envelope, 1));
    }
  }

  #receive(envelope: Envelope, receives: number): void {
    const process: Process = { isDead: false };
    const again = () => {
      if (receives >= RECEIVES) this.#putAside(envelope.message);
      else this.#after(VISIBILITY, () => this.#receive(envelope, receives + 1));
    };
    const message = messageSchema.parse(envelope.message);
    this.#run(process, (ports, invocation) => deliverMessage(ports, message, invocation)).catch(again);
    // A process that dies says nothing: the message is seen again.
    this.#after(VISIBILITY - 1, () => process.isDead && again());
  }

  #invoke(event: unknown): void {
    const process: Process = { isDead: false };
    const requestId = `request${this.#invocations + 1}`;
    const putAside = () => this.#putAside({ requestContext: { requestId }, requestPayload: event });
    this.#run(process, (ports, invocation) => deliverTick(ports, tickSchema.parse(event), invocation)).catch(putAside);
    this.#after(LAMBDA_TIMEOUT, () => process.isDead && putAside());
  }

  async #run(process: Process, work: (ports: RunnerPorts, invocation: Invocation) => Promise<Delivery>): Promise<void> {
    const id = `request${++this.#invocations}-x`;
    const deadline = this.clock.now() + LAMBDA_TIMEOUT;
    const ports: RunnerPorts = {
      ...this.portsOf(process),
      modules: this.#modules,
      log: () => undefined,
      secrets: [],
      crash: () => new Promise(() => undefined),
      bodyLives: () => {
        process.isDead = true;
      },
    };
    this.#after(LAMBDA_TIMEOUT, () => {
      process.isDead = true;
    });
    const delivery = await work(ports, { id, deadline });
    this.#say(
      `${delivery.is} ${'run' in delivery ? `${delivery.run.jobId} ${delivery.run.runId} ${delivery.run.state}` : JSON.stringify(delivery)}`,
    );
  }

  #putAside(event: unknown): void {
    if (this.chance.is(this.#faults / 4)) return;
    const process: Process = { isDead: false };
    const retry = (tries: number): void => {
      void undelivered(this.portsOf(process), JSON.stringify(event)).catch(() => {
        if (tries < RECEIVES) this.#after(VISIBILITY, () => retry(tries + 1));
      });
    };
    this.#after(SECOND, () => retry(1));
  }

  #reconcileForEver(): void {
    void this.reconcile();
    this.#after(5 * MINUTE, () => this.#reconcileForEver());
  }

  /** One pass, as the schedule of the stage asks for it. */
  async reconcile(compare = false): Promise<void> {
    const process: Process = { isDead: false };
    const request = { settledForMs: MINUTE, restarted: false, compare, deadline: this.clock.now() + 10 * MINUTE };
    const done = await reconcile(this.portsOf(process), request).catch(() => undefined);
    if (done) this.#say(`reconciled ${JSON.stringify(done)}`);
  }

  #say(what: string): void {
    this.trace.push(`${new Date(this.clock.now()).toISOString()} ${what}`);
  }
}
