import * as z from 'zod';
import type { LocalClock } from '../time.ts';
import { validate } from './validate.ts';

export const CLOCK_PATH = '/_carillon/clock';

/** What can be asked of the clock: to stand still or run at a speed, to be set, to be moved on. */
const shape = z.strictObject({
  speed: z.number().min(0).max(100_000).optional(),
  set: z.iso.datetime({ offset: true }).optional(),
  advanceSeconds: z.number().min(0).max(4_000_000_000).optional(),
});

/** POST /_carillon/clock { speed, set, advanceSeconds }, in that order; answers with what the clock shows, when all that fell due has been delivered. */
export async function steer(clock: LocalClock, body: unknown): Promise<{ now: string }> {
  const { speed, set, advanceSeconds } = validate(shape, body);
  if (speed !== undefined) clock.run(speed);
  if (set !== undefined) clock.set(Date.parse(set));
  if (advanceSeconds !== undefined) await clock.advance(advanceSeconds * 1_000);
  return { now: new Date(clock.now()).toISOString() };
}
