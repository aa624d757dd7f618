import { isoInstant } from '../core/contract/instant.ts';
import { sameJson } from '../core/contract/json.ts';
import type { Clock, Engine, EngineOutcome, EngineRow, EngineSchedule } from '../core/ports.ts';
import { parseAwsExpression } from '../core/schedule/aws-expression.ts';
import { nextOccurrence, type Timing } from '../core/schedule/occurrences.ts';
import type { Instant } from '../core/schedule/schedule.ts';
import { zoneNamed } from '../core/schedule/zone.ts';

/** What a schedule invokes the runner with. */
export type FiredTick = EngineSchedule['payload'] & { readonly dueAt: string };

/** Keeps schedules in memory, and does to the next calls what it is told. */
export class MemoryEngine implements Engine {
  readonly schedules = new Map<string, EngineSchedule>();
  /** What the next calls answer instead of doing anything, the first one first. */
  readonly answers: EngineOutcome[] = [];
  readonly #times = new Map<string, { readonly createdAt: Instant; readonly modifiedAt: Instant }>();
  readonly #clock: Clock;
  readonly #fire: ((tick: FiredTick) => void) | undefined;

  /** With `fire` it ticks, to the millisecond. */
  constructor(clock: Clock, fire?: (tick: FiredTick) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  async put(schedule: EngineSchedule): Promise<EngineOutcome> {
    const answer = this.answers.shift();
    if (answer) return answer;
    this.set(schedule);
    return { is: 'done' };
  }

  /** What a hand at the console does. */
  set(schedule: EngineSchedule): void {
    const now = this.#clock.now();
    this.schedules.set(schedule.name, schedule);
    this.#times.set(schedule.name, { createdAt: this.#times.get(schedule.name)?.createdAt ?? now, modifiedAt: now });
    if (this.#fire) void this.#tick(schedule, this.#fire);
  }

  /** Ticks for a schedule until there is another one in its place. */
  async #tick(schedule: EngineSchedule, fire: (tick: FiredTick) => void): Promise<void> {
    for (let at = tickAfter(schedule, this.#clock.now() - 1), next = at; at !== undefined; at = next) {
      await this.#clock.wait(at - this.#clock.now());
      if (this.schedules.get(schedule.name) !== schedule) return;
      next = tickAfter(schedule, at);
      if (next === undefined && schedule.deleteAfterCompletion) this.schedules.delete(schedule.name);
      fire({ ...schedule.payload, dueAt: isoInstant(at) });
    }
  }

  async remove(name: string): Promise<EngineOutcome> {
    const answer = this.answers.shift();
    if (answer) return answer;
    this.schedules.delete(name);
    this.#times.delete(name);
    return { is: 'done' };
  }

  async compare(schedule: EngineSchedule): Promise<'same' | 'differs' | 'absent'> {
    const held = this.schedules.get(schedule.name);
    if (!held) return 'absent';
    // One runner is for all modules here, and EventBridge is told of the runner and not of the module.
    return sameJson({ ...held, module: schedule.module }, schedule) ? 'same' : 'differs';
  }

  async list(prefix: string, token: string | undefined): Promise<{ schedules: EngineRow[]; next: string | undefined }> {
    const from = Number(token ?? 0);
    const all = [...this.schedules.values()].filter(({ name }) => name.startsWith(prefix));
    const schedules = all.slice(from, from + 100).map(({ name, enabled }) => {
      const { createdAt, modifiedAt } = this.#times.get(name) ?? { createdAt: 0, modifiedAt: 0 };
      return { name, enabled, invokesRunnerOf: () => true, createdAt, modifiedAt };
    });
    return { schedules, next: from + 100 < all.length ? String(from + 100) : undefined };
  }
}

/** Reading an expression takes longer than finding its next tick. */
const timings = new WeakMap<EngineSchedule, Timing>();

/** When EventBridge ticks for a schedule next, read from what it was given. */
export function tickAfter(schedule: EngineSchedule, after: Instant): Instant | undefined {
  const zone = zoneNamed(schedule.timezone);
  if (!zone || !schedule.enabled) return undefined;
  const { start, end } = schedule;
  const read = () => ({ schedule: parseAwsExpression(schedule.expression), zone, start, end, anchor: start ?? 0, since: 0 });
  const timing = timings.get(schedule) ?? read();
  timings.set(schedule, timing);
  return nextOccurrence(timing, after);
}
