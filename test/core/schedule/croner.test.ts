import { Cron } from 'croner';
import cronstrue from 'cronstrue';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describe } from '../../../core/schedule/describe.ts';
import { nextOccurrences } from '../../../core/schedule/occurrences.ts';
import { parseSchedule } from '../../../core/schedule/parse.ts';
import { zoneNamed } from '../../../core/schedule/zone.ts';
import { awsCrons, spanStarts, unixCrons } from '../../support/arbitraries.ts';

/** `a/n` as croner spells it, `a-max/n`; days of the week counted from 0. */
function ranged(field: string, max: number, shift = 0): string {
  const items = field.split(',').map((item) => {
    const [base = '', suffix] = item.split(/(?=[/#L])/);
    const shifted = base.replaceAll(/\d+/g, (digits) => String(Number(digits) - shift));
    return suffix?.startsWith('/') && /^\d+$/.test(base) ? `${shifted}-${max}${suffix}` : `${shifted}${suffix ?? ''}`;
  });
  return items.join(',');
}

/** EventBridge's cron as croner spells it: seconds in front, Sunday is 0, the years at the end. */
function toCroner(expression: string): string {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = expression.slice(5, -1).split(' ');
  const days = /[LW]/.test(dayOfMonth) ? dayOfMonth : ranged(dayOfMonth, 31);
  return `0 ${ranged(minute, 59)} ${ranged(hour, 23)} ${days} ${ranged(month, 12)} ${ranged(dayOfWeek, 6, 1)} ${ranged(year, 2199)}`;
}

function crontab(line: string): string {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = line.split(' ');
  return [ranged(minute, 59), ranged(hour, 23), ranged(dayOfMonth, 31), ranged(month, 12), ranged(dayOfWeek, 7)].join(' ');
}

const zones = fc.constantFrom('UTC', 'Asia/Kolkata');
const after = spanStarts;

function ours(text: string, zoneName: string, from: number): string[] {
  const zone = zoneNamed(zoneName);
  if (!zone) throw new Error(zoneName);
  const timing = { schedule: parseSchedule(text), zone, start: null, end: Date.UTC(2060, 0), anchor: 0, since: 0 };
  return nextOccurrences(timing, from, 4).map((instant) => new Date(instant).toISOString());
}

function croners(pattern: string, timezone: string, from: number): string[] {
  const found: string[] = [];
  const cron = new Cron(pattern, { timezone, paused: true });
  for (let at = cron.nextRun(new Date(from)); at && at.getTime() <= Date.UTC(2060, 0) && found.length < 4; at = cron.nextRun(at))
    found.push(at.toISOString());
  return found;
}

it("has croner's due times for EventBridge's crons, where clocks do not change", () => {
  fc.assert(
    fc.property(awsCrons, zones, after, (text, zone, from) => {
      expect(ours(text, zone, from)).toEqual(croners(toCroner(text), zone, from));
    }),
    { numRuns: 400, seed: 20_261_125 },
  );
});

it("has croner's due times for crontab lines with one day field", () => {
  const lines = unixCrons.filter((line) => line.split(' ')[2] === '*' || line.split(' ')[4] === '*');
  fc.assert(
    fc.property(lines, zones, after, (text, zone, from) => {
      expect(ours(text, zone, from)).toEqual(croners(crontab(text), zone, from));
    }),
    { numRuns: 400, seed: 7 },
  );
});

it('names the same times and days as cronstrue', () => {
  for (const line of ['30 8 * * *', '0 18 * * 5', '15 10 1 * *', '0 0 1 1 *', '0 9 * * 1-5']) {
    const zone = zoneNamed('UTC');
    if (!zone) throw new Error('UTC');
    const [sentence, other] = [describe({ schedule: parseSchedule(line), zone }), cronstrue.toString(line, { use24HourTimeFormat: true })];
    const words = (text: string) => new Set(text.match(/\d\d:\d\d|(?:Mon|Fri)day|January/g));
    expect(words(sentence)).toEqual(words(other));
  }
});
