import { randomBytes } from 'node:crypto';
import type { StoredSchedule } from './store.ts';

/** Hands an event to the target with that ARN, asynchronously: for Scheduler, queued is done. */
export type Fire = (targetArn: string, event: unknown) => void;

/** The event of one invocation: the Input with its context attributes filled in (User Guide, "context attributes"). */
export function payloadOf(schedule: StoredSchedule, occurrence: number): unknown {
  const time = `${new Date(occurrence).toISOString().slice(0, 19)}Z`;
  const attributes: Record<string, string> = {
    'schedule-arn': schedule.arn,
    'scheduled-time': time,
    'execution-id': randomBytes(8).toString('hex'),
    'attempt-number': '1',
  };
  const { Input } = schedule.request.Target;
  if (Input === undefined) return {};
  return JSON.parse(Input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => attributes[name] ?? whole));
}
