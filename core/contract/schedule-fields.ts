import * as z from '../zod.ts';

const cronField = z.optional(
  z.union([z.string().check(z.minLength(1), z.maxLength(256)), z.int()], { error: 'a cron field is a text or a whole number' }),
);
const rateField = z.optional(z.int().check(z.minimum(0)));

/** A schedule as an object of fields: APScheduler's cron fields, a sum of units, or a date. */
export const scheduleFields = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('cron'),
      year: cronField,
      month: cronField,
      day: cronField,
      week: cronField,
      dayOfWeek: cronField,
      hour: cronField,
      minute: cronField,
      second: cronField,
    }),
    z.strictObject({
      type: z.literal('rate'),
      weeks: rateField,
      days: rateField,
      hours: rateField,
      minutes: rateField,
      seconds: rateField,
    }),
    z.strictObject({ type: z.literal('at'), at: z.string() }),
  ],
  { error: 'the type of a schedule is cron, rate (an interval) or at (a date)' },
);

/** The schedule that a module brings along in its `.schedule` file. */
export const defaultSchedule = z.object({
  title: z.nullable(z.string()),
  schedule: scheduleFields,
  timezone: z.string(),
  start: z.nullable(z.string()),
  end: z.nullable(z.string()),
});
