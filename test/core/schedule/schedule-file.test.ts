import { describe, expect, it } from 'vitest';
import { readScheduleFile } from '../../../core/schedule/schedule-file.ts';
import { iso } from '../../support/timing.ts';

describe('a .schedule file', () => {
  it('has a title, comments, keys in snake_case or camelCase, and an inferred type', () => {
    expect(
      readScheduleFile('Nightly backup\n\n# when nobody works\nday_of_week = mon-fri\r\nhour=2\nminute=30\ntimezone=Europe/Berlin\n'),
    ).toEqual({
      title: 'Nightly backup',
      schedule: { type: 'cron', dayOfWeek: 'mon-fri', hour: '2', minute: '30' },
      timezone: 'Europe/Berlin',
      start: null,
      end: null,
    });
    expect(readScheduleFile('dayOfWeek=sun').schedule).toEqual({ type: 'cron', dayOfWeek: 'sun' });
    expect(readScheduleFile('type=interval\nhours=1\nminutes=30').schedule).toEqual({ type: 'rate', hours: 1, minutes: 30 });
    expect(readScheduleFile('seconds=10').schedule).toEqual({ type: 'rate', seconds: 10 });
    expect(readScheduleFile('run_date=2027-01-05 09:00:00').schedule).toEqual({ type: 'at', at: '2027-01-05 09:00:00' });
    expect(readScheduleFile('type=cron\nsecond=*/10').schedule).toEqual({ type: 'cron', second: '*/10' });
  });

  it('reads dates as local to its time zone, or with their offset', () => {
    const { start, end } = readScheduleFile('hour=1\ntimezone=Europe/Berlin\nstart_date=2027-07-01\nend_date=2027-07-02 12:00:00+00:00');
    expect([iso(start ?? 0), iso(end ?? 0)]).toEqual(['2027-06-30T22:00:00Z', '2027-07-02T12:00:00Z']);
  });

  it.each([
    ['hour=25', /^line 1: a value of hour is from 0 to 23/],
    ['title\n\nhour=1\nhour=2', /^line 4: hour is given twice/],
    ['hour=1\nmiute=2', /^line 2: there is no key "miute"/],
    ['hour=1\nevery day', /^line 2: a line is key=value/],
    ['title\nanother title', /^line 2: a line is key=value/],
    ['type=interval\nhours=1\nminute=5', /^line 3: minute is no key of a schedule of type rate/],
    ['hours=1\nhour=5', /^line 2: hour is no key of a schedule of type rate/],
    ['hours=1.5', /^line 1: .* whole number/],
    ['minutes=0', /^line 1: the sum of a rate/],
    ['type=sometimes', /^line 1: there is no type "sometimes"/],
    ['hour=1\ntimezone=Berlin', /^line 2: a time zone is an IANA name/],
    ['hour=1\nstart_date=tomorrow', /^line 2: at is a date and time/],
    ['run_date=2027-02-30', /^line 1: the date and time exist/],
    ['just a title', /^line 1: the file names no time/],
    ['', /^line 1: the file names no time/],
  ])('%j is refused with its line', (text, message) => {
    expect(() => readScheduleFile(text)).toThrow(message);
  });
});
