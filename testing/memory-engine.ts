import type { Engine, EngineOutcome, EngineSchedule, Queue } from '../core/ports.ts';
import type { Envelope } from '../core/run/message.ts';

/** Keeps schedules in memory, and does to the next calls what it is told. */
export class MemoryEngine implements Engine {
  readonly schedules = new Map<string, EngineSchedule>();
  /** What the next calls answer instead of doing anything, the first one first. */
  readonly answers: EngineOutcome[] = [];

  async put(schedule: EngineSchedule): Promise<EngineOutcome> {
    const answer = this.answers.shift();
    if (answer) return answer;
    this.schedules.set(schedule.name, schedule);
    return { is: 'done' };
  }

  async remove(name: string): Promise<EngineOutcome> {
    const answer = this.answers.shift();
    if (answer) return answer;
    this.schedules.delete(name);
    return { is: 'done' };
  }

  async has(name: string): Promise<boolean> {
    return this.schedules.has(name);
  }
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
