import { expect, it } from 'vitest';
import { compile } from '../../../core/schedule/compile.ts';
import { timing } from '../../support/timing.ts';

it.each([
  ['an at is given in UTC', 'at(2027-07-05T09:00:00)', 'Europe/Berlin', 'at(2027-07-05T07:00:00)', 'UTC', 'exact'],
  ['a rate has no zone', 'RATE(1 minutes)', 'Europe/Berlin', 'rate(1 minute)', 'UTC', 'exact'],
  [
    'a cron that names its hours is given in its zone',
    'cron(0 8 ? * mon-fri)',
    'Europe/Berlin',
    'cron(0 8 ? * MON-FRI *)',
    'Europe/Berlin',
    'exact',
  ],
  ['every hour is given in UTC', 'cron(0/15 * * * ? *)', 'Europe/Berlin', 'cron(0/15 * * * ? *)', 'UTC', 'exact'],
  ['minutes move in a zone off by a part of an hour', 'cron(0 * * * ? *)', 'Asia/Kathmandu', 'cron(15 * * * ? *)', 'UTC', 'exact'],
  ['a zone that changes by half an hour is covered', 'cron(0 * * * ? *)', 'Australia/Lord_Howe', 'cron(0,30 * * * ? *)', 'UTC', 'cover'],
  ['every minute stays every minute', 'cron(* * * * ? *)', 'Australia/Lord_Howe', 'cron(* * * * ? *)', 'UTC', 'cover'],
  ['every hour of some days is covered in UTC', 'cron(0 * ? * SUN *)', 'Europe/Berlin', 'cron(0 * ? * SUN,SAT *)', 'UTC', 'cover'],
  [
    'every hour of days on which no clock changes is exact',
    'cron(0 * ? * MON *)',
    'Europe/Berlin',
    'cron(0 * ? * MON *)',
    'Europe/Berlin',
    'exact',
  ],
  [
    'every hour of months in which no clock changes is exact',
    'cron(0 * * 6 ? *)',
    'Europe/Berlin',
    'cron(0 * * 6 ? *)',
    'Europe/Berlin',
    'exact',
  ],
  [
    'every hour of some days in a zone without changes is exact',
    'cron(0 * 1 * ? *)',
    'Asia/Kathmandu',
    'cron(0 * 1 * ? *)',
    'Asia/Kathmandu',
    'exact',
  ],
  ['a zone that was off by a part of an hour once is not now', 'cron(0 * * * ? *)', 'America/Caracas', 'cron(0 * * * ? *)', 'UTC', 'exact'],
  ['every hour of some days in UTC is exact', 'cron(0 * ? * SUN *)', 'UTC', 'cron(0 * ? * SUN *)', 'UTC', 'exact'],
])('%s', (_, expression, zone, given, givenZone, ticks) => {
  expect(compile(timing(expression, { zone }))).toEqual({ expression: given, timezone: givenZone, ticks });
});
