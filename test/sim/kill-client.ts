import type { Chance } from '../../testing/simulator/chance.ts';

/** Schedules as they are sent, and how answers name them; those of five seconds make runs. */
const SCHEDULES = {
  'rate(2 days)': 'Every 2 days',
  'rate(36 hours)': 'Every 36 hours',
  'cron(0 8 1 1 ? *)': 'At 08:00 on the 1st of the month in January, UTC',
  'rate(5 seconds)': 'Every 5 seconds',
} as const;
const SELDOM = ['rate(2 days)', 'rate(36 hours)', 'cron(0 8 1 1 ? *)'] as const;

/** What an answer says of a job that a client decided. */
export interface Definition {
  readonly description: string;
  readonly runFrequency: string;
  readonly paused: boolean;
}

/** A job of a client: how it is by the last answer, and how it is if the write without an answer was made. */
export interface KnownJob {
  readonly id: string;
  told: Definition | 'gone';
  untold?: Definition | 'gone';
  /** The runs it was promised. */
  readonly runs: string[];
}

interface Write {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly becomes: Definition | 'gone';
}

/** With more jobs than this a client deletes as often as it creates. */
const MANY = 25;

/** Writes jobs of its own, one write after the other, and remembers what was acknowledged. */
export class KillClient {
  readonly #name: string;
  readonly #chance: Chance;
  #writes = 0;
  jobs: KnownJob[] = [];
  acknowledged = 0;
  /** Answers that are no acknowledgement, though the host was there. */
  readonly refused: string[] = [];

  constructor(name: string, chance: Chance) {
    this.#name = name;
    this.#chance = chance;
  }

  /** Writes until the host is gone; calls back at each create that was acknowledged. */
  async work(url: string, created: () => void): Promise<void> {
    for (;;) {
      const job = this.#choose();
      const write = this.#writeOf(job);
      job.untold = write.becomes;
      const response = await send(url, write);
      if (response === undefined) return;
      delete job.untold;
      if (response.status >= 300) {
        this.refused.push(`${write.method} ${write.path} answered ${response.status} ${response.text}`);
        continue;
      }
      this.acknowledged += 1;
      job.told = write.becomes;
      const runId: unknown = response.status === 202 && response.text !== '' ? JSON.parse(response.text).runId : undefined;
      if (typeof runId === 'string') job.runs.push(runId);
      if (response.status === 201) created();
    }
  }

  /** A new job, or one that lives. */
  #choose(): KnownJob {
    const living = this.jobs.filter(({ told }) => told !== 'gone');
    if (living.length > 0 && !this.#chance.is(living.length < MANY ? 0.5 : 0.15)) return this.#chance.pick(living);
    const job: KnownJob = { id: `${this.#name}-${this.#writes}`, told: 'gone', runs: [] };
    this.jobs.push(job);
    return job;
  }

  #writeOf({ id, told }: KnownJob): Write {
    this.#writes += 1;
    const description = `write ${this.#writes}`;
    const path = `/v1/jobs/${id}`;
    if (told === 'gone') {
      const schedule = this.#chance.is(0.04) ? 'rate(5 seconds)' : this.#chance.pick(SELDOM);
      const becomes = { description, runFrequency: SCHEDULES[schedule], paused: false };
      return { method: 'POST', path: '/v1/jobs', body: { id, module: 'heartbeat', schedule, description }, becomes };
    }
    const kind = this.#chance.pick(['describe', 'reschedule', 'pause', 'run', 'delete'] as const);
    if (kind === 'describe') return { method: 'PATCH', path, body: { description }, becomes: { ...told, description } };
    if (kind === 'delete') return { method: 'DELETE', path, becomes: 'gone' };
    if (kind === 'run') return { method: 'POST', path: `${path}/run`, becomes: told };
    if (kind === 'pause') {
      return { method: 'POST', path: `${path}/${told.paused ? 'resume' : 'pause'}`, becomes: { ...told, paused: !told.paused } };
    }
    const schedule = this.#chance.pick(SELDOM);
    const becomes = { ...told, description, runFrequency: SCHEDULES[schedule] };
    return { method: 'PATCH', path, body: { schedule, description }, becomes };
  }
}

/** Sends a write; undefined when no answer came. */
async function send(url: string, { method, path, body }: Write): Promise<{ status: number; text: string } | undefined> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    // The status is the acknowledgement; what follows it may be cut off.
    return { status: response.status, text: await response.text().catch(() => '') };
  } catch {
    return undefined;
  }
}
