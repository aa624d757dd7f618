import type { Checkpoints, Engine, JobStore, KeyStore, Queue, RunStore, StageSwitch } from '../../core/ports.ts';
import type { Message } from '../../core/run/message.ts';
import { type FiredTick, MemoryEngine } from '../memory-engine.ts';
import { memoryJobs } from '../memory-jobs.ts';
import { DelayedQueue } from '../memory-queue.ts';
import { memoryRuns } from '../memory-runs.ts';
import { memoryCheckpoints, memoryKeys, memorySwitch } from '../memory-stage.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Faults } from './faults.ts';

const MINUTE = 60_000;
export const LAMBDA_TIMEOUT = 15 * MINUTE;
export const REDELIVERY = { visibilityMs: LAMBDA_TIMEOUT + 2 * MINUTE, receives: 5 };

/** What Carillon stands on. */
export interface Services {
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly engine: Engine;
  readonly queue: Queue;
  readonly keys: KeyStore;
  readonly stage: StageSwitch;
  readonly checkpoints: Checkpoints;
  /** Resolves when nothing is under way that needs no time of the virtual clock. */
  readonly quiet?: () => Promise<void>;
}

/** Whom services call. */
export interface Deliveries {
  readonly clock: VirtualClock;
  /** EventBridge ticks. */
  readonly fire: (tick: FiredTick) => void;
  /** The queue delivers; what is rejected comes again. */
  readonly deliver: (message: Message, receive: number) => Promise<unknown>;
  /** The queue gives up. */
  readonly putAside: (message: Message) => void;
  /** What befalls a request on its way, while there are faults. */
  readonly fate: Faults['fate'];
}

/** The services in memory: they neither fail nor lag of themselves. */
export function memoryServices({ clock, fire, deliver, putAside }: Deliveries): Services & { readonly engine: MemoryEngine } {
  return {
    jobs: memoryJobs(),
    runs: memoryRuns(),
    engine: new MemoryEngine(clock, fire),
    queue: new DelayedQueue(clock, REDELIVERY, deliver, putAside),
    keys: memoryKeys(),
    stage: memorySwitch(),
    checkpoints: memoryCheckpoints(),
  };
}
