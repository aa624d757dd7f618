import type { Instant } from '../core/schedule/schedule.ts';

/** The instant that a test names; throws when it is none, or depends on where the test runs. */
export function instantFrom(received: Date | string, name: string): Instant {
  const isMeant = typeof received !== 'string' || /(Z|[+-]\d\d:?\d\d)$/.test(received);
  const instant = new Date(received).getTime();
  if (isMeant && !Number.isNaN(instant)) return instant;
  throw new Error(`${name} ${JSON.stringify(received)}: an instant is a Date, or ISO 8601 with Z or an offset: "2027-01-04T07:00:00Z"`);
}
