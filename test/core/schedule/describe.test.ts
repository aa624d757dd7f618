import { expect, it } from 'vitest';
import { describe } from '../../../core/schedule/describe.ts';
import { timing } from '../../support/timing.ts';

it.each([
  ['rate(1 minute)', 'UTC', 'Every minute'],
  ['rate(5 hours)', 'UTC', 'Every 5 hours'],
  ['at(2027-01-05T09:00:00)', 'Europe/Berlin', 'Once at 2027-01-05 09:00:00, Berlin time'],
  ['cron(* * * * ? *)', 'UTC', 'Every minute, UTC'],
  ['cron(0 8 ? * MON *)', 'Europe/Berlin', 'At 08:00 on Mondays, Berlin time'],
  ['cron(0 8 ? * MON-FRI *)', 'America/New_York', 'At 08:00 from Monday to Friday, New York time'],
  ['cron(0/15 * * * ? *)', 'UTC', 'Every 15 minutes, UTC'],
  ['cron(5/15 * * * ? *)', 'UTC', 'Every 15 minutes, starting 5 minutes past the hour, UTC'],
  ['cron(0/5 8-17 ? * MON-FRI *)', 'UTC', 'Every 5 minutes from 08:00 to 17:59 from Monday to Friday, UTC'],
  ['cron(0 * * * ? *)', 'UTC', 'Every hour, UTC'],
  ['cron(15 1/3 * * ? *)', 'UTC', 'Every 3 hours, starting at 01:15, UTC'],
  ['cron(30 * * * ? *)', 'UTC', 'Every hour at 30 minutes past, UTC'],
  ['cron(0 8,18 * * ? *)', 'UTC', 'At 08:00 and 18:00, UTC'],
  ['cron(0 18 L * ? *)', 'UTC', 'At 18:00 on the last day of the month, UTC'],
  ['cron(0 9 3W * ? *)', 'UTC', 'At 09:00 on the weekday nearest the 3rd of the month, UTC'],
  ['cron(15 10 ? * 6L 2027-2029)', 'UTC', 'At 10:15 on the last Friday of the month from 2027 to 2029, UTC'],
  ['cron(0 0 ? * 3#2 *)', 'UTC', 'At 00:00 on the second Tuesday of the month, UTC'],
  ['cron(0 0 1,15 JAN,JUL ? *)', 'UTC', 'At 00:00 on the 1st and 15th of the month in January and July, UTC'],
  ['cron(0 21 LW * ? *)', 'UTC', 'At 21:00 on the last weekday of the month, UTC'],
])('%s in %s: %s', (expression, zone, expected) => {
  expect(describe(timing(expression, { zone }))).toBe(expected);
});
