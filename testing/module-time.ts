import { AsyncLocalStorage } from 'node:async_hooks';
import type { ModuleDefinition } from '../core/define-module.ts';
import { machineTurn, settled, type VirtualClock } from './virtual-clock.ts';

/** So long, in real time, a module is waited for that waits for nothing of the virtual clock: it reads a file, say. */
const PATIENCE = 1_000;

/** One execution of a module, and what it waits for. */
interface Execution {
  readonly clock: VirtualClock;
  readonly timers: Set<VirtualTimer>;
  /** Whether it was waited for in vain. */
  hangs: boolean;
}

const executing = new AsyncLocalStorage<Execution>();
/** Those of the machine, whatever a test puts in their place. */
const real = { setTimeout, clearTimeout };

/** Has modules live in the time of a virtual clock: inside of them `Date`, `setTimeout` and `setInterval` are the clock's. */
export class ModuleTime {
  readonly #clock: VirtualClock;
  readonly #atWork = new Set<Execution>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** The module in the time of the clock. */
  of(module: ModuleDefinition): ModuleDefinition {
    return { ...module, run: (input, context) => this.#execute(async () => module.run(input, context)) };
  }

  async #execute(work: () => Promise<unknown>): Promise<unknown> {
    const execution: Execution = { clock: this.#clock, timers: new Set(), hangs: false };
    this.#atWork.add(execution);
    try {
      return await executing.run(execution, work);
    } finally {
      this.#atWork.delete(execution);
    }
  }

  /** Resolves when all modules at work wait for time to pass, or have been waited for long enough. */
  async quiet(): Promise<void> {
    await settled();
    if (this.#busy().length === 0) return;
    let isPatient = true;
    const patience = real.setTimeout(() => {
      isPatient = false;
    }, PATIENCE);
    while (isPatient && this.#busy().length > 0) await machineTurn();
    real.clearTimeout(patience);
    for (const execution of this.#busy()) execution.hangs = true;
  }

  #busy(): Execution[] {
    return [...this.#atWork].filter(({ timers, hangs }) => timers.size === 0 && !hangs);
  }
}

/** What `setTimeout` and `setInterval` return inside a module. */
class VirtualTimer {
  readonly #execution: Execution;
  readonly #stop = new AbortController();

  constructor(execution: Execution, work: () => unknown, ms: number, repeats: boolean) {
    this.#execution = execution;
    execution.timers.add(this);
    void this.#run(work, Math.max(1, Number(ms) || 0), repeats);
  }

  async #run(work: () => unknown, ms: number, repeats: boolean): Promise<void> {
    do {
      await this.#execution.clock.wait(ms, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (!repeats) this.#execution.timers.delete(this);
      work();
    } while (repeats);
  }

  stop(): void {
    this.#execution.timers.delete(this);
    this.#stop.abort();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

let users = 0;
let putBack = () => {};

/** Does something while modules may live in virtual time; all other code keeps the real one. */
export async function withModuleTime<T>(work: () => Promise<T>): Promise<T> {
  if (++users === 1) putBack = replaceGlobals();
  try {
    return await work();
  } finally {
    if (--users === 0) putBack();
  }
}

type Schedule = (work: (...args: unknown[]) => unknown, ms: number, ...args: unknown[]) => unknown;

function replaceGlobals(): () => void {
  const before = { Date, setTimeout, setInterval, clearTimeout, clearInterval };
  const timer = (outside: unknown, repeats: boolean) =>
    replaced(outside as Schedule, (proceed, work, ms, ...args) => {
      const execution = executing.getStore();
      return execution ? new VirtualTimer(execution, () => work(...args), ms, repeats) : proceed();
    });
  const stop = (outside: unknown) =>
    replaced(outside as (timer: unknown) => unknown, (proceed, timer) => (timer instanceof VirtualTimer ? timer.stop() : proceed()));
  Object.assign(globalThis, {
    Date: new Proxy(before.Date, {
      construct(target, args, newTarget) {
        const clock = executing.getStore()?.clock;
        return Reflect.construct(target, clock && args.length === 0 ? [clock.now()] : args, newTarget);
      },
      get(target, name) {
        const clock = executing.getStore()?.clock;
        return clock && name === 'now' ? () => clock.now() : Reflect.get(target, name);
      },
    }),
    setTimeout: timer(before.setTimeout, false),
    setInterval: timer(before.setInterval, true),
    clearTimeout: stop(before.clearTimeout),
    clearInterval: stop(before.clearInterval),
  });
  return () => void Object.assign(globalThis, before);
}

/** A function with all that hangs on it, and another body, which may proceed with the one before. */
function replaced<Args extends unknown[]>(
  outside: (...args: Args) => unknown,
  body: (proceed: () => unknown, ...args: Args) => unknown,
): unknown {
  return new Proxy(outside, { apply: (target, self, args) => body(() => Reflect.apply(target, self, args), ...(args as Args)) });
}
