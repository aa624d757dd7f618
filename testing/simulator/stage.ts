import type { ModuleDefinition } from '../../core/define-module.ts';
import type { ModuleCatalog } from '../../core/ports.ts';
import { type Reconciled, reconcile } from '../../core/reconcile/reconcile.ts';
import { undelivered } from '../../core/reconcile/undelivered.ts';
import { type Delivery, deliverMessage, deliverTick } from '../../core/run/deliver.ts';
import type { Invocation, RunnerPorts } from '../../core/run/execute.ts';
import type { Message } from '../../core/run/message.ts';
import { messageSchema, tickSchema } from '../../core/run/received.ts';
import type { FiredTick } from '../memory-engine.ts';
import { memoryModules } from '../memory-modules.ts';
import { DelayedQueue } from '../memory-queue.ts';
import { machineTurn, settled, type VirtualClock } from '../virtual-clock.ts';
import { draw } from './chance.ts';
import { CALL_FATES, type CallFate, DELIVERY_FATES, type Faults, NO_FAULTS } from './faults.ts';
import { Process, portOf } from './process.ts';
import { type Deliveries, LAMBDA_TIMEOUT, memoryServices, REDELIVERY, type Services } from './services.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export interface StageOptions {
  readonly clock: VirtualClock;
  /** What ids, jitter and delays are drawn from. */
  readonly seed: number;
  /** How much later than its instant EventBridge ticks, at most. */
  readonly tickLateness: number;
  /** How far the clock of a process may be off. */
  readonly skew: number;
  /** The modules as a process loads them. */
  readonly modulesOf: (process: Process | undefined) => Readonly<Record<string, ModuleDefinition>>;
  readonly servicesFor?: (deliveries: Deliveries) => Services;
  /** Told of each call that a service carried out. */
  readonly saw?: (by: string, port: string, call: string, args: readonly unknown[], answer: unknown) => void;
  /** Told of what happens, a line each. */
  readonly say?: (line: string) => void;
}

export type Ports = ReturnType<SimulatedStage['portsOf']>;

/** All of Carillon on a virtual clock: each delivery and each request is a process of its own, which may meet faults. */
export class SimulatedStage {
  readonly clock: VirtualClock;
  readonly services: Services;
  /** Modules that the present deployment lacks. */
  readonly dropped = new Set<string>();
  faults: Faults = NO_FAULTS;
  /** How often the reconciler makes a pass. */
  reconcileEvery = 5 * MINUTE;
  readonly #options: StageOptions;
  readonly #undelivered: DelayedQueue<unknown>;
  readonly #names = new Map<string, number>();
  /** Processes that answer requests: their time is not the clock's. */
  readonly #answering = new Set<Process>();
  readonly #manifests: ModuleCatalog;

  constructor(options: StageOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.#manifests = memoryModules(options.modulesOf(undefined));
    this.services = (options.servicesFor ?? memoryServices)({
      clock: this.clock,
      fire: (tick) => this.#fire(tick),
      deliver: (message, receive) => this.#receive(message, receive),
      putAside: (message) => this.#putAside(message),
      fate: (place, fates) => this.faults.fate(place, fates),
    });
    const takeUndelivered = (event: unknown, receive: number) =>
      this.#invoke(`undelivered ${idOf(event)} ${receive}`, (ports) => undelivered(ports, JSON.stringify(event)));
    this.#undelivered = new DelayedQueue(this.clock, REDELIVERY, takeUndelivered, (event) => this.say(`given up ${idOf(event)}`));
    void this.#reconcileForEver();
  }

  say(what: string): void {
    this.#options.say?.(`${new Date(this.clock.now()).toISOString()} ${what}`);
  }

  /** Lets time pass: schedules tick, messages arrive, the reconciler makes its passes. */
  pass(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.#quiet());
  }

  /** Lets as much time pass as something takes. */
  until<T>(work: Promise<T>): Promise<T> {
    return this.clock.until(work, () => this.#quiet());
  }

  /** Has a process of that name do something, and waits for it for half a minute, as API Gateway does. */
  ask<T>(name: string, work: (ports: Ports) => Promise<T>): Promise<T | undefined> {
    const process = this.#process(name);
    this.#answering.add(process);
    return new Promise((resolve) => {
      const over = (answer: T | undefined) => {
        cancel();
        this.#answering.delete(process);
        resolve(answer);
      };
      // A process that is still at it goes on by itself.
      const cancel = this.clock.alarm(30 * SECOND, () => over(undefined));
      process.onDeath(() => over(undefined));
      work(this.portsOf(process)).then(over, () => over(undefined));
    });
  }

  /** One pass of the reconciler, as the schedule of the stage asks for it. */
  async reconcile(compare = false, name = `reconcile ${this.clock.now()}`): Promise<Reconciled | undefined> {
    const process = this.#process(name);
    const request = { settledForMs: MINUTE, restarted: false, compare, deadline: process.clock.now() + 10 * MINUTE };
    const done = await reconcile(this.portsOf(process), request).catch(() => undefined);
    this.say(`${name} ${JSON.stringify(done)}`);
    return done;
  }

  /** Looks at the services themselves, or does something by hand: nothing fails meanwhile. */
  async calmly(look: () => Promise<void>): Promise<void> {
    const { faults } = this;
    this.faults = NO_FAULTS;
    await look();
    this.faults = faults;
  }

  /** Hands the runner a tick of EventBridge. */
  async tick(name: string, tick: FiredTick): Promise<void> {
    const requestId = this.#named(name);
    const putAside = (error: Error) => {
      const responsePayload = { errorType: error.name, errorMessage: error.message };
      this.#putAside({ requestContext: { requestId }, requestPayload: tick, responsePayload });
    };
    await this.#deliver(requestId, (ports, invocation) => deliverTick(ports, tickSchema.parse(tick), invocation)).catch(putAside);
  }

  /** The services as a process has them. */
  portsOf(process: Process) {
    const { saw } = this.#options;
    const fateOf = (place: string, fates: readonly CallFate[]) => {
      const fate = this.faults.fate(place, fates);
      if (fate) this.say(`${place}: ${fate}`);
      return fate;
    };
    const seen = (port: string) => (call: string, args: readonly unknown[], answer: unknown) =>
      saw?.(process.name, port, call, args, answer);
    const retry = (call: string) => (call === 'put' || call === 'remove' ? { is: 'retry', reason: 'injected' } : undefined);
    const { jobs, runs, engine, queue, keys, checkpoints, stage } = this.services;
    let bytes = 0;
    const { seed } = this.#options;
    return {
      clock: process.clock,
      random: {
        bytes: (count: number) => Uint8Array.from({ length: count }, () => draw(seed, `${process.name} bytes ${bytes++}`) * 256),
      },
      jobs: portOf(jobs, process, fateOf, seen('jobs')),
      runs: portOf(runs, process, fateOf, seen('runs')),
      engine: portOf(engine, process, fateOf, seen('engine'), retry),
      queue: portOf(queue, process, fateOf, seen('queue')),
      aliveSince: 0,
      keys: portOf(keys, process, fateOf, seen('keys')),
      checkpoints: portOf(checkpoints, process, fateOf, seen('checkpoints')),
      stage: portOf(stage, process, fateOf, seen('stage')),
      catalog: {
        names: async () => (await this.#manifests.names()).filter((name) => !this.dropped.has(name)),
        find: async (name) => (this.dropped.has(name) ? undefined : this.#manifests.find(name)),
      } satisfies ModuleCatalog,
    };
  }

  /** Lets everything happen that needs no time of the clock; what answers a request may need some of the machine's. */
  async #quiet(): Promise<void> {
    await (this.services.quiet ?? settled)();
    while ([...this.#answering].some(({ waits }) => waits === 0)) {
      await machineTurn();
      await (this.services.quiet ?? settled)();
    }
  }

  /** A name that nothing else has: the nth of its kind. */
  #named(name: string): string {
    const n = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, n);
    return n === 1 ? name : `${name} (${n})`;
  }

  #process(name: string): Process {
    const { seed, skew } = this.#options;
    return new Process(name, this.clock, Math.round((2 * draw(seed, `${name} skew`) - 1) * skew));
  }

  #fire(tick: FiredTick): void {
    const name = `tick ${tick.jobId} ${tick.jobUid} ${tick.dueAt}`;
    const fate = this.faults.fate(`${name} delivery`, DELIVERY_FATES);
    if (fate) this.say(`${name}: ${fate}`);
    const { seed, tickLateness } = this.#options;
    for (let n = fate === 'lost' ? 1 : fate === 'twice' ? -1 : 0; n < 1; n++) {
      const chance = draw(seed, `${name} ${n} late`);
      // EventBridge tries for an hour.
      const lateness = Math.floor(chance * (fate === 'late' ? 50 * MINUTE : tickLateness));
      void this.clock.wait(lateness).then(() => this.tick(name, tick));
    }
  }

  async #receive(message: Message, receive: number): Promise<unknown> {
    const name = this.#named(`message ${JSON.stringify(Object.values(message))} ${receive}`);
    const fate = this.faults.fate(`${name} delivery`, DELIVERY_FATES);
    if (fate) this.say(`${name}: ${fate}`);
    if (fate === 'lost') return undefined;
    if (fate === 'late') await this.clock.wait(draw(this.#options.seed, `${name} late`) * 10 * MINUTE);
    const received = messageSchema.parse(message);
    const deliver = (nth: string) => this.#deliver(nth, (ports, invocation) => deliverMessage(ports, received, invocation));
    if (fate === 'twice') void deliver(`${name} twin`).catch(() => undefined);
    return deliver(name);
  }

  /** Runs the runner in a process of its own. */
  #deliver(name: string, work: (ports: RunnerPorts, invocation: Invocation) => Promise<Delivery>): Promise<void> {
    return this.#invoke(name, async (ports, process) => {
      const { dropped } = this;
      let modules: Readonly<Record<string, ModuleDefinition>> | undefined;
      let bodyLives = false;
      const runner: RunnerPorts = {
        ...ports,
        isOurs: () => true,
        modules: {
          load: async (module) => {
            if (dropped.has(module)) return undefined;
            modules ??= this.#options.modulesOf(process);
            return modules[module];
          },
        },
        log: () => undefined,
        secrets: [],
        crash: () => new Promise(() => undefined),
        // Its process is not used again.
        bodyLives: () => {
          bodyLives = true;
        },
      };
      const invocation = { id: `${name}-x`, deadline: process.clock.now() + LAMBDA_TIMEOUT };
      const delivery = await work(runner, invocation);
      if (bodyLives) process.die();
      this.say(`${name}: ${delivery.is} ${'run' in delivery ? delivery.run.state : 'why' in delivery ? delivery.why : delivery.count}`);
    });
  }

  /** Lambda: what has not ended by its timeout is killed, and so is what a fault ends before; both are told of at the timeout. */
  async #invoke(name: string, work: (ports: Ports, process: Process) => Promise<void>): Promise<void> {
    const process = this.#process(name);
    let cancelDeath: () => void = () => undefined;
    if (this.faults.fate(`${name} process`, CALL_FATES) === 'crash') {
      cancelDeath = this.clock.alarm(draw(this.#options.seed, `${name} dies`) * 100 * SECOND, () => process.die());
    }
    let cancelTimeout: () => void = () => undefined;
    const killed = new Promise<never>((_resolve, reject) => {
      cancelTimeout = this.clock.alarm(LAMBDA_TIMEOUT, () => {
        process.die();
        reject(Object.assign(new Error(`${name} timed out`), { name: 'Sandbox.Timedout' }));
      });
    });
    try {
      await Promise.race([work(this.portsOf(process), process), killed]);
    } finally {
      cancelDeath();
      cancelTimeout();
    }
  }

  #putAside(event: unknown): void {
    void this.#undelivered.send([{ message: event, delaySeconds: 1 }]);
  }

  async #reconcileForEver(): Promise<never> {
    for (;;) {
      await this.clock.wait(this.reconcileEvery);
      void this.reconcile();
    }
  }
}

function idOf(event: unknown): string {
  return JSON.stringify(event, (key, value) => (key === 'responsePayload' ? undefined : value));
}
