import { expect, it } from 'vitest';
import { clockChangeNotes } from '../../../core/schedule/clock-changes.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { zoneNames } from '../../../core/schedule/zone-names.ts';
import { timing } from '../../support/timing.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');

it.each([
  ['cron(30 2 * * ? *)', 'Europe/Berlin', ['Sun 28 Mar 2027: 02:30 does not exist, skipped']],
  ['cron(30 1 * * ? *)', 'America/New_York', ['Sun 7 Nov 2027: 01:30 comes twice, runs the first time only']],
  ['cron(30 2 ? * SUN *)', 'Europe/Berlin', ['Sun 28 Mar 2027: 02:30 does not exist, skipped']],
  ['cron(30 2 ? * MON *)', 'Europe/Berlin', []],
  ['cron(30 2 * * ? *)', 'Asia/Kolkata', []],
  ['cron(30 2 * * ? *)', 'UTC', []],
  ['cron(0 * * * ? *)', 'Europe/Berlin', []],
  ['cron(0 12 * * ? *)', 'Europe/Berlin', []],
  ['rate(1 hour)', 'Europe/Berlin', []],
  ['at(2027-10-31T02:30:00)', 'Europe/Berlin', ['Sun 31 Oct 2027: 02:30 comes twice, the first one is meant']],
  ['at(2027-10-31T04:30:00)', 'Europe/Berlin', []],
])('%s in %s: %j', (expression, zone, notes) => {
  expect(clockChangeNotes(timing(expression, { zone }), NOW)).toEqual(notes);
});

it('says nothing of a change after the end', () => {
  expect(clockChangeNotes(timing('cron(30 2 * * ? *)', { zone: 'Europe/Berlin', end: '2027-03-01T00:00:00Z' }), NOW)).toEqual([]);
});

it.each([
  ['US/Eastern', 'America/New_York'],
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['Etc/UTC', 'UTC'],
  ['GMT', 'UTC'],
  ['Europe/Berlin', 'Europe/Berlin'],
])('the zone %s is %s', (name, canonical) => {
  expect(zoneNamed(name)?.name).toBe(canonical);
});

it.each(['europe/berlin', 'Berlin', '+01:00', 'UTC+1', '', 'x'.repeat(60), '__proto__', 'Europe/Berlin '])('%j is no zone', (name) => {
  expect(zoneNamed(name)).toBeUndefined();
});

it('knows every zone by its canonical name', () => {
  for (const name of zoneNames()) expect(zoneNamed(name)?.name).toBe(name);
});
