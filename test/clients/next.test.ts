import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { forecast } from '../../clients/cli/forecast.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOW = Date.parse('2027-01-01T00:00:00Z');

/** Runs what `npm run -s carillon --` runs, without the half a second that npm takes. */
function carillon(args: string[], input = '') {
  const command = ['local/start.mjs', 'clients/cli/main.ts', ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: root, input, encoding: 'utf8' });
  return { stdout, stderr, status };
}

describe('carillon next', () => {
  it('prints what its help shows', () => {
    const help = carillon(['next', '--help']).stdout;
    const example = /carillon (next '0 8 \* \* 1-5' .*)$/m.exec(help)?.[1] ?? '';
    const args = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(carillon(args)).toMatchObject({
      status: 0,
      stdout:
        'At 08:00 from Monday to Friday, Berlin time (Europe/Berlin)\n2027-01-01T07:00:00Z\n2027-01-04T07:00:00Z\n2027-01-05T07:00:00Z\n',
    });
  });

  it('says what is wrong, and ends with 1', () => {
    const wrong = carillon(['next', 'cron(0 25 * * ? *)']);
    expect([wrong.status, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toMatch(/^\/schedule: character 8: a value of hours is from 0 to 23/);
    expect(carillon(['next', '* * * * *', '-n', '0']).status).toBe(2);
    expect(carillon(['next']).stderr).toMatch(/give a schedule, or --stdin/);
  });

  it('answers a line of JSON with a line of JSON, whatever it is', () => {
    const lines = [
      { id: 1, schedule: 'rate(90 seconds)', after: '2027-01-01T00:00:00Z', n: 2 },
      { id: 'b', schedule: { type: 'cron', day: 'last', hour: 9 }, timezone: 'Europe/Berlin', after: '2027-01-01T00:00:00Z', n: 1 },
      { id: 3, schedule: 'cron(0 0 * * ? *)', timezone: 'Berlin' },
      { id: 4, schedule: 'at(2020-01-01T00:00:00)' },
      { id: 5 },
    ];
    const { stdout, status } = carillon(['next', '--stdin'], `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnull\n{\n`);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(answers.slice(0, 2)).toEqual([
      { id: 1, valid: true, nextRuns: ['2027-01-01T00:01:30Z', '2027-01-01T00:03:00Z'] },
      { id: 'b', valid: true, nextRuns: ['2027-01-31T08:00:00Z'] },
    ]);
    expect(answers.slice(2)).toMatchObject([
      { id: 3, valid: false, error: { pointer: '/timezone' } },
      { id: 4, valid: true, nextRuns: [], reason: expect.stringMatching(/^an at lies ahead/) },
      { id: 5, valid: false, error: { pointer: '/schedule' } },
      { id: null, valid: false },
      { id: null, valid: false },
    ]);
  });
});

describe('a forecast', () => {
  it.each([
    [
      { schedule: '{"type":"rate","minutes":5}', n: 1 },
      { valid: true, nextRuns: ['2027-01-01T00:05:00Z'] },
    ],
    [
      { schedule: 'rate(1 hour)', start: '2027-01-01T00:30:00Z', n: 1 },
      { valid: true, nextRuns: ['2027-01-01T00:30:00Z'] },
    ],
    [{ schedule: 'cron(0 0 30 2 ? *)' }, { valid: true, nextRuns: [], reason: expect.stringMatching(/here none does/) }],
    [
      { schedule: '* * * * *', after: 'tomorrow' },
      { valid: false, error: { pointer: '/after' } },
    ],
    [{ schedule: '{"type":"rate"' }, { valid: false, error: { pointer: '/schedule' } }],
    [{ schedule: { type: 'cron', hours: 1 } }, { valid: false, error: { pointer: '/schedule/hours', suggestion: 'hour' } }],
    [{ schedule: { type: 'cron', hour: '99' } }, { valid: false, error: { pointer: '/schedule/hour' } }],
    [
      { schedule: '* * * * *', n: -1 },
      { valid: false, error: { pointer: '/n' } },
    ],
    [{ schedule: 5 }, { valid: false, error: { pointer: '/schedule' } }],
    [
      { schedule: 'at(2027-03-28T02:30:00)', timezone: 'Europe/Berlin' },
      { valid: true, nextRuns: [], reason: expect.stringMatching(/jump over that time; use 2027-03-28T01:59:59 or/) },
    ],
    [
      { schedule: '* * * * *', timeZone: 'Europe/Berlin' },
      { valid: false, error: { pointer: '/timeZone', suggestion: 'timezone' } },
    ],
    [
      { schedule: '* * * * *', colour: 'blue', n: 1 },
      { valid: true, nextRuns: ['2027-01-01T00:01:00Z'] },
    ],
    [
      { schedule: '* * * * *', timezone: 'berlin' },
      { valid: false, error: { pointer: '/timezone', suggestion: 'Europe/Berlin' } },
    ],
    [
      { schedule: '* * * * *', timezone: ['UTC'] },
      { valid: false, error: { pointer: '/timezone' } },
    ],
    [
      { schedule: '* * * * *', after: '2027-02-31T00:00:00Z' },
      { valid: false, error: { pointer: '/after' } },
    ],
    [{ schedule: { type: 'cron', hour: -1 } }, { valid: false, error: { rule: expect.stringMatching(/received "-1"/) } }],
    [null, { valid: false, error: { pointer: '' } }],
  ])('of %j', (request, expected) => {
    expect(forecast(request, NOW)).toMatchObject(expected);
  });
});
