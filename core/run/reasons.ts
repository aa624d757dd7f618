import type { Pause } from '../job/job.ts';
import { type EffectivePolicies, milliseconds } from '../job/policies.ts';
import type { Hold } from '../ports.ts';
import type { Instant } from '../schedule/schedule.ts';
import type { Unstarted } from './run.ts';

export function pausedBecause({ reason }: Pick<Pause, 'reason'>): Unstarted {
  return { state: 'skipped', reason: 'paused', message: sentence('The job was paused', reason) };
}

export function heldBecause({ reason }: Pick<Hold, 'reason'>): Unstarted {
  return { state: 'skipped', reason: 'held', message: sentence('The stage was held', reason) };
}

/** A header has room for this much. */
function sentence(what: string, reason: string | null): string {
  return (reason ? `${what}: ${reason}` : `${what}.`).slice(0, 200);
}

/** Why a late occurrence was not run. */
export function missedBecause({ within, run }: EffectivePolicies['catchUp']): string {
  return `It was not started in its minute, and catchUp { within: '${within}', run: '${run}' } does not run it.`;
}

/** Until when the record of a run is kept, a whole second. */
export function keptUntil(dueAt: Instant, { keep }: Pick<EffectivePolicies, 'keep'>): Instant {
  return Math.ceil((dueAt + milliseconds(keep)) / 1000) * 1000;
}
