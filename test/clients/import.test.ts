import { describe, expect, it } from 'vitest';
import { readApscheduler } from '../../clients/import/apscheduler.ts';
import { readCrontab } from '../../clients/import/crontab.ts';

const options = { hasUser: false, timezone: 'UTC', takesCommand: () => false };

/** Lines of Debian 13's packages cron, e2fsprogs, php-common, mdadm, sysstat, certbot and anacron. */
const DEBIAN = String.raw`# /etc/crontab: system-wide crontab
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin

17 *	* * *	root	cd / && run-parts --report /etc/cron.hourly
25 6	* * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
52 6	1 * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }
30 3 * * 0 root test -e /run/systemd/system || SERVICE_MODE=1 /usr/lib/x86_64-linux-gnu/e2fsprogs/e2scrub_all_cron
10 3 * * * root test -e /run/systemd/system || SERVICE_MODE=1 /sbin/e2scrub_all -A -r
09,39 *     * * *     root   [ -x /usr/lib/php/sessionclean ] && if [ ! -d /run/systemd/system ]; then /usr/lib/php/sessionclean; fi
57 0 * * 0 root if [ -x /usr/share/mdadm/checkarray ] && [ $(date +\%d) -le 7 ]; then /usr/share/mdadm/checkarray --cron --all --idle --quiet; fi
5-55/10 * * * * root command -v debian-sa1 > /dev/null && debian-sa1 1 1
0 */12 * * * root test -x /usr/bin/certbot -a \! -d /run/systemd/system && perl -e 'sleep int(rand(43200))' && certbot -q renew
30 7-23 * * *   root	[ -x /etc/init.d/anacron ] && if [ ! -d /run/systemd/system ]; then /usr/sbin/invoke-rc.d anacron start >/dev/null; fi
`;

describe('a crontab', () => {
  it('of Debian is read line by line, each with an id that tells what it is about', () => {
    const found = readCrontab(DEBIAN, { ...options, hasUser: true });
    expect(found.map(({ from, was, id }) => [from, was, id])).toEqual([
      ['line 5', '17 * * * *', 'cron-hourly'],
      ['line 6', '25 6 * * *', 'cron-daily'],
      ['line 7', '52 6 1 * *', 'cron-monthly'],
      ['line 8', '30 3 * * 0', 'e2scrub_all_cron'],
      ['line 9', '10 3 * * *', 'e2scrub_all'],
      ['line 10', '09,39 * * * *', 'sessionclean'],
      ['line 11', '57 0 * * 0', 'checkarray'],
      ['line 12', '5-55/10 * * * *', 'debian-sa1'],
      ['line 13', '0 */12 * * *', 'certbot'],
      ['line 14', '30 7-23 * * *', 'invoke-rc-d'],
    ]);
    expect(found[0]?.job).toEqual({
      module: 'cron-hourly',
      schedule: '17 * * * *',
      timezone: 'UTC',
      description: 'cd / && run-parts --report /etc/cron.hourly',
      tags: ['crontab'],
    });
    expect(found.flatMap(({ notes }) => notes)).toEqual([]);
  });

  it.each<[string, string, Partial<Parameters<typeof readCrontab>[1]>, object]>([
    ['a nickname', '@daily /opt/backup.sh', {}, { id: 'backup', job: { schedule: '0 0 * * *', module: 'backup' } }],
    [
      'a boot',
      '@reboot /opt/backup.sh',
      {},
      { job: undefined, notes: ['@reboot: there is no machine here that boots: run it once with `carillon run`'] },
    ],
    ['a nickname that is none', '@noon x', {}, { job: undefined, notes: ['@noon: no schedule of a crontab'] }],
    ['the zone of the lines below', 'CRON_TZ="Europe/Berlin"\n0 9 * * * x', {}, { job: { timezone: 'Europe/Berlin' } }],
    ['a zone of the machine', '0 9 * * * x', { timezone: 'Asia/Tokyo' }, { job: { timezone: 'Asia/Tokyo' } }],
    ['another user', '0 9 * * * www-data x', { hasUser: true }, { id: 'x', notes: ['it ran as the user www-data'] }],
    [
      'a module of all',
      '0 9 * * * tidy',
      { module: 'shell', takesCommand: () => true },
      { job: { module: 'shell', input: { command: 'tidy' } } },
    ],
    ['what was standard input', '0 9 * * * mail -s 50\\% me%Hello%', {}, { id: 'mail', job: { description: 'mail -s 50% me' } }],
    ['where output went', '0 2 * * * /home/me/backup.sh --full >> /var/log/nightly.log 2>&1', {}, { id: 'backup' }],
    ['a line without a command', '0 9 * * *', {}, { id: 'job' }],
  ])('has %s', (_, text, more, expected) => {
    expect(readCrontab(text, { ...options, ...more })[0]).toMatchObject(expected);
  });

  it('gives each line an id of its own', () => {
    const found = readCrontab('0 1 * * * tidy\n0 2 * * * tidy\n0 3 * * * tidy-2', options);
    expect(found.map(({ id, job }) => [id, job?.module])).toEqual([
      ['tidy', 'tidy'],
      ['tidy-2', 'tidy'],
      ['tidy-2-2', 'tidy-2'],
    ]);
  });
});

describe('jobs of APScheduler', () => {
  it.each<[string, object, object]>([
    [
      'a payload of the predecessor',
      { job_id: 'report', type: 'cron', args: { day_of_week: 'mon-fri', hour: 9 } },
      { id: 'report', job: { module: 'report', schedule: { type: 'cron', dayOfWeek: 'mon-fri', hour: '9' }, timezone: 'UTC' } },
    ],
    [
      'a row of its list',
      { job_id: 'report', next_run_time: '2027-01-01T09:00:00+00:00', trigger: "cron[hour='9', minute='30']" },
      { job: { schedule: { type: 'cron', hour: '9', minute: '30' } } },
    ],
    [
      'an interval as it is printed',
      { job_id: 'r', next_run_time: '2027-01-01T00:00:10+00:00', trigger: 'interval[1 day, 1:30:00]' },
      { job: { schedule: { type: 'rate', days: 1, hours: 1, minutes: 30 }, start: '2027-01-01T00:00:10Z' } },
    ],
    [
      'a date as it is printed',
      { job_id: 'r', trigger: 'date[2027-01-05 09:00:00 UTC]' },
      { job: { schedule: { type: 'at', at: '2027-01-05 09:00:00' } } },
    ],
    [
      'fields beside the trigger',
      { id: 'r', trigger: 'interval', minutes: 5, start_date: '2027-01-01', timezone: 'Europe/Berlin' },
      { job: { schedule: { type: 'rate', minutes: 5 }, timezone: 'Europe/Berlin', start: '2026-12-31T23:00:00Z' } },
    ],
    ['a function of a folder', { id: 'x', trigger: 'cron', hour: 1, func: 'jobs.send_report:run' }, { job: { module: 'send_report' } }],
    [
      'a function of its own',
      { id: 'x', trigger: 'cron', hour: 1, func: 'app.tasks:tidy_up', kwargs: { days: 7 } },
      { job: { module: 'tidy_up', input: { days: 7 } } },
    ],
    [
      'its limits',
      { id: 'x', trigger: 'cron', hour: 1, max_instances: 3, coalesce: false, misfire_grace_time: 600 },
      { job: { policies: { overlap: 'allow', catchUp: { within: '600s', run: 'all' } } } },
    ],
    [
      'what is lost',
      { id: 'x', trigger: 'cron', hour: 1, args: [1], jitter: 30, next_run_time: null },
      { notes: [expect.stringContaining('paused'), expect.stringContaining('arguments'), 'jitter is not kept'] },
    ],
    [
      'a trigger that is none',
      { id: 'x', trigger: 'calendar' },
      { job: undefined, notes: ['a trigger is cron, interval or date, received "calendar"'] },
    ],
    [
      'a field that is wrong',
      { id: 'x', trigger: 'cron', hour: '25' },
      { job: undefined, notes: [expect.stringMatching(/^a value of hour .*25/)] },
    ],
    ['an id that is no id', { id: 'Täglicher Bericht', trigger: 'cron', hour: 1 }, { id: 't-glicher-bericht' }],
  ])('have %s', (_, job, expected) => {
    expect(readApscheduler([job])[0]).toMatchObject(expected);
    expect(readApscheduler({ jobs: [job] })[0]).toMatchObject(expected);
  });

  it('are no other JSON', () => {
    expect(() => readApscheduler('cron')).toThrow();
  });
});
