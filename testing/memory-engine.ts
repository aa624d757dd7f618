import { sameJson } from '../core/contract/json.ts';
import type { Clock, Engine, EngineOutcome, EngineRow, EngineSchedule, Queue } from '../core/ports.ts';
import type { Envelope } from '../core/run/message.ts';
import { parseAwsExpression } from '../core/schedule/aws-expression.ts';
import { nextOccurrence } from '../core/schedule/occurrences.ts';
import type { Instant } from '../core/schedule/schedule.ts';
import { zoneNamed } from '../core/schedule/zone.ts';

/** Keeps schedules in memory, and does to the next calls what it is told. */
export class MemoryEngine implements Engine {
  readonly schedules = new Map<string, EngineSchedule>();
  /** What the next calls answer instead of doing anything, the first one first. */
  readonly answers: EngineOutcome[] = [];
  readonly #times = new Map<string, { readonly createdAt: Instant; readonly modifiedAt: Instant }>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
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
    return sameJson(held, schedule) ? 'same' : 'differs';
  }

  async list(prefix: string, token: string | undefined): Promise<{ schedules: EngineRow[]; next: string | undefined }> {
    const from = Number(token ?? 0);
    const all = [...this.schedules.values()].filter(({ name }) => name.startsWith(prefix));
    const schedules = all.slice(from, from + 100).map(({ name, enabled }) => {
      const { createdAt, modifiedAt } = this.#times.get(name) ?? { createdAt: 0, modifiedAt: 0 };
      return { name, enabled, isOurTarget: true, createdAt, modifiedAt };
    });
    return { schedules, next: from + 100 < all.length ? String(from + 100) : undefined };
  }
}

/** When EventBridge ticks for a schedule next, read from what it was given. */
export function tickAfter(schedule: EngineSchedule, after: Instant): Instant | undefined {
  const zone = zoneNamed(schedule.timezone);
  if (!zone || !schedule.enabled) return undefined;
  const { start, end } = schedule;
  return nextOccurrence({ schedule: parseAwsExpression(schedule.expression), zone, start, end, anchor: start ?? 0, since: 0 }, after);
}

/** Keeps what was sent. */
export class MemoryQueue implements Queue {
  /** While true, nothing can be sent. */
  isDown = false;
  readonly sent: Envelope[] = [];

  async send(envelopes: readonly Envelope[]): Promise<void> {
    if (this.isDown) throw new Error('the queue is down');
    this.sent.push(...envelopes);
  }
}
