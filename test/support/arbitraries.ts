import fc from 'fast-check';
import type { Spelling } from '../../core/schedule/spelling.ts';

/** A field of a cron as text: values, ranges, steps and lists within bounds. */
function field(min: number, max: number, step = max - min): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const stepped = fc
    .tuple(fc.integer({ min, max: max - 1 }), fc.integer({ min: 1, max: step }))
    .map(([from, by]) => `${from}/${Math.min(by, max - from)}`);
  const item = fc.oneof(value.map(String), range, stepped);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 4, arbitrary: item },
    { weight: 1, arbitrary: fc.array(item, { minLength: 2, maxLength: 4 }).map((items) => items.join(',')) },
  );
}

const day = fc.integer({ min: 1, max: 31 });
const weekday = fc.constantFrom('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat');

const awsDays = fc.oneof(
  fc.constant('* ? '),
  field(1, 31).map((text) => `${text} ?`),
  fc.constantFrom('L ?', 'LW ?'),
  day.map((value) => `${value}W ?`),
  field(1, 7).map((text) => `? ${text}`),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([of, nth]) => `? ${of}#${nth}`),
  fc.integer({ min: 1, max: 7 }).map((of) => `? ${of}L`),
);

const year = fc.oneof({ weight: 5, arbitrary: fc.constant('*') }, { weight: 1, arbitrary: fc.constantFrom('2027', '2027-2030', '2026/2') });

export const awsCrons = fc.tuple(field(0, 59), field(0, 23), awsDays, field(1, 12), year).map(([minute, hour, days, month, years]) => {
  const [dayOfMonth, dayOfWeek] = days.trim().split(' ');
  return `cron(${minute} ${hour} ${dayOfMonth} ${month} ${dayOfWeek} ${years})`;
});

export const unixCrons = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7)).map((fields) => fields.join(' '));

const dayField = fc.oneof(
  field(1, 31),
  fc.constant('last'),
  fc.tuple(fc.constantFrom('1st', '2nd', '3rd', '4th', '5th', 'last'), weekday).map((words) => words.join(' ')),
  fc.tuple(day, weekday).map(([value, name]) => `${value},last ${name}`),
);

export const fieldCrons: fc.Arbitrary<Spelling> = fc
  .record(
    {
      month: field(1, 12),
      day: dayField,
      week: field(1, 53),
      dayOfWeek: field(0, 6),
      hour: field(0, 23),
      minute: field(0, 59),
      second: field(0, 59),
    },
    { requiredKeys: [] },
  )
  .filter((fields) => Object.keys(fields).length > 0)
  .map((fields) => ({ type: 'cron', ...fields }));

export const rates = fc.oneof(
  fc.integer({ min: 1, max: 100 }).map((value) => `rate(${value} minutes)`),
  fc.integer({ min: 1, max: 4_000 }).map((value) => `rate(${value} seconds)`),
  fc.constantFrom('rate(2 hours)', 'rate(1 day)', 'rate(2 weeks)', 'rate(1 second)'),
);

/** Zones whose clocks move by an hour, by half an hour, at midnight, for Ramadan, or not. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Pacific/Kiritimati',
];

/** Days before transitions of the northern and the southern hemisphere, of Ramadan, of the year, and ordinary ones. */
export const spanStarts = fc
  .constantFrom(
    '2027-03-13',
    '2027-03-27',
    '2027-10-30',
    '2027-11-06',
    '2027-04-03',
    '2027-10-02',
    '2026-02-14',
    '2026-03-21',
    '2026-12-30',
    '2028-02-28',
    '2027-06-01',
  )
  .map((date) => Date.parse(`${date}T00:00:00Z`));
