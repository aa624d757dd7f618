import { describe, expect, it } from 'vitest';
import { dueAtTick } from '../../../core/schedule/due.ts';
import { nextOccurrence, nextOccurrences, type Timing } from '../../../core/schedule/occurrences.ts';
import { iso, timing } from '../../support/timing.ts';

const dueAfter = (t: Timing, from: string, count: number) => nextOccurrences(t, Date.parse(from), count).map(iso);

describe('cron and the change of clocks', () => {
  it.each([
    [
      'a time in the spring gap is skipped',
      'cron(30 2 * * ? *)',
      'Europe/Berlin',
      '2027-03-27T00:00:00Z',
      ['2027-03-27T01:30:00Z', '2027-03-29T00:30:00Z'],
    ],
    [
      'a repeated time fires in the first pass only',
      'cron(30 2 * * ? *)',
      'Europe/Berlin',
      '2027-10-30T12:00:00Z',
      ['2027-10-31T00:30:00Z', '2027-11-01T01:30:00Z'],
    ],
    [
      'a cron that admits every hour fires in both passes',
      'cron(0 * * * ? *)',
      'Europe/Berlin',
      '2027-10-30T23:30:00Z',
      ['2027-10-31T00:00:00Z', '2027-10-31T01:00:00Z', '2027-10-31T02:00:00Z'],
    ],
    [
      'every hour however spelt',
      'cron(0 0-23 * * ? *)',
      'America/New_York',
      '2027-11-07T04:30:00Z',
      ['2027-11-07T05:00:00Z', '2027-11-07T06:00:00Z', '2027-11-07T07:00:00Z'],
    ],
    [
      'a clock that moves by half an hour',
      'cron(45 1 * * ? *)',
      'Australia/Lord_Howe',
      '2027-04-03T00:00:00Z',
      ['2027-04-03T14:45:00Z', '2027-04-04T15:15:00Z'],
    ],
    [
      'a day that a zone left out',
      'cron(0 12 * * ? *)',
      'Pacific/Apia',
      '2011-12-29T00:00:00Z',
      ['2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z'],
    ],
    [
      'a repeated stretch before midnight, on a day the cron names',
      'cron(30 * ? * SAT *)',
      'Asia/Beirut',
      '2027-10-30T19:00:00Z',
      ['2027-10-30T19:30:00Z', '2027-10-30T20:30:00Z', '2027-10-30T21:30:00Z', '2027-11-05T22:30:00Z'],
    ],
  ])('%s', (_, expression, zone, from, expected) => {
    expect(dueAfter(timing(expression, { zone }), from, expected.length)).toEqual(expected);
  });

  it('finds a date far ahead without looking at every day', () => {
    expect(dueAfter(timing('cron(0 0 29 2 ? 2096)', { zone: 'America/New_York' }), '2027-01-01T00:00:00Z', 2)).toEqual([
      '2096-02-29T05:00:00Z',
    ]);
  });

  it('ends with the years', () => {
    expect(nextOccurrence(timing('cron(0 0 30 2 ? *)'), 0)).toBeUndefined();
    expect(nextOccurrence(timing('cron(0 0 1 1 ? 2026)'), Date.parse('2027-01-01T00:00:00Z'))).toBeUndefined();
  });
});

describe('start and end', () => {
  it('are inclusive', () => {
    const t = timing('cron(0 8 * * ? *)', { start: '2027-01-05T08:00:00Z', end: '2027-01-06T08:00:00Z' });
    expect(dueAfter(t, '2027-01-01T00:00:00Z', 5)).toEqual(['2027-01-05T08:00:00Z', '2027-01-06T08:00:00Z']);
  });

  it('do not bound an at', () => {
    const t = timing('at(2027-01-05T09:00:00)', { zone: 'Europe/Berlin', start: '2028-01-01T00:00:00Z' });
    expect(dueAfter(t, '2027-01-01T00:00:00Z', 2)).toEqual(['2027-01-05T08:00:00Z']);
  });

  it('an at in the repeated stretch is the earlier one', () => {
    expect(dueAfter(timing('at(2027-10-31T02:30:00)', { zone: 'Europe/Berlin' }), '2027-01-01T00:00:00Z', 2)).toEqual([
      '2027-10-31T00:30:00Z',
    ]);
  });
});

describe('rate', () => {
  it('counts from its anchor, which is no due time itself', () => {
    expect(dueAfter(timing('rate(5 minutes)', { anchor: '2027-01-01T00:00:07Z' }), '2027-01-01T00:00:00Z', 2)).toEqual([
      '2027-01-01T00:05:07Z',
      '2027-01-01T00:10:07Z',
    ]);
  });

  it('is due at its start when it has one', () => {
    expect(dueAfter(timing('rate(1 day)', { start: '2027-03-27T12:00:00Z' }), '2027-01-01T00:00:00Z', 2)).toEqual([
      '2027-03-27T12:00:00Z',
      '2027-03-28T12:00:00Z',
    ]);
  });

  it('stays on the grid of a start long past', () => {
    expect(dueAfter(timing('rate(7 minutes)', { start: '2020-01-01T00:00:00Z' }), '2020-01-01T00:10:00Z', 1)).toEqual([
      '2020-01-01T00:14:00Z',
    ]);
  });
});

describe('dueAtTick', () => {
  const rate = timing('rate(10 minutes)', { anchor: '2027-01-01T00:00:00Z' });
  const of = (t: Timing, tick: string) => iso(dueAtTick(t, Date.parse(tick))[0]);

  it.each([
    ['on the grid', '2027-01-01T00:20:00Z', '2027-01-01T00:20:00Z'],
    ['a little late', '2027-01-01T00:20:59Z', '2027-01-01T00:20:00Z'],
    ['a little early', '2027-01-01T00:19:01Z', '2027-01-01T00:20:00Z'],
    ['further off than a minute', '2027-01-01T00:21:30Z', undefined],
    ['at the anchor, which is no due time', '2027-01-01T00:00:10Z', undefined],
  ])('takes a rate tick %s for the nearest grid point', (_, tick, expected) => {
    expect(of(rate, tick)).toBe(expected);
  });

  it('takes a cron tick as it comes, even one that our tz data does not list', () => {
    expect(of(timing('cron(0 8 * * ? *)', { zone: 'Europe/Berlin' }), '2027-01-01T08:00:00Z')).toBe('2027-01-01T08:00:00Z');
  });

  it('drops what lies outside start and end', () => {
    const t = timing('cron(0 8 * * ? *)', { start: '2027-01-05T08:00:00Z', end: '2027-01-06T08:00:00Z' });
    expect(of(t, '2027-01-04T08:00:00Z')).toBeUndefined();
    expect(of(t, '2027-01-06T08:00:00Z')).toBe('2027-01-06T08:00:00Z');
    expect(of(t, '2027-01-07T08:00:00Z')).toBeUndefined();
  });

  it('filters the ticks of a cover', () => {
    const t = timing('cron(0 * * * ? *)', { zone: 'Australia/Lord_Howe' });
    // Half past ten ahead in winter, eleven hours in summer: EventBridge ticks at :00 and :30, one of them is due.
    expect(of(t, '2027-07-01T00:30:00Z')).toBe('2027-07-01T00:30:00Z');
    expect(of(t, '2027-07-01T00:00:00Z')).toBeUndefined();
    expect(of(t, '2027-01-01T00:00:00Z')).toBe('2027-01-01T00:00:00Z');
  });
});
