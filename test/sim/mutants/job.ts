import { mutantsOf } from '../mutant.ts';

const change = mutantsOf('core/job/change-job.ts', [
  {
    name: 'If-Match that is not looked at',
    replace: 'if (condition && !condition.includes(before.rev)) return stale(before);',
    by: '',
    breaks: 'S3',
  },
  {
    name: 'a change acknowledged although another one came first',
    replace: `if ((await ports.jobs.replace(job, before.intent)) === 'stale') continue;`,
    by: 'await ports.jobs.replace(job, before.intent);',
    breaks: 'S3',
  },
  {
    name: 'a change acknowledged although its commit failed',
    replace: `(await ports.jobs.replace(job, before.intent)) === 'stale'`,
    by: `(await ports.jobs.replace(job, before.intent).catch(() => 'replaced')) === 'stale'`,
    breaks: 'S3',
  },
  {
    name: 'EventBridge told of a change before its commit',
    replace: `if ((await ports.jobs.replace(job, before.intent)) === 'stale') continue;`,
    by: `await projectIfPossible(ports, job, { isAlone: false });\n    if ((await ports.jobs.replace(job, before.intent)) === 'stale') continue;`,
    breaks: 'L1',
  },
  {
    name: 'a change that takes itself for the only one under way',
    replace: '{ isAlone: before.intent === null }',
    by: '{ isAlone: true }',
    breaks: 'L1',
  },
  { name: 'a change of what is due without a new number', replace: 'timing: timing + 1,', by: 'timing,', breaks: 'S2' },
  { name: 'a change that governs what was due before it', replace: 'timingFrom: now,\n', by: 'timingFrom,\n', breaks: 'S2' },
  { name: 'timings of before that are not kept', replace: 'previous: previous.slice(-MOST_PREVIOUS),', by: 'previous: [],', breaks: 'L2' },
  { name: 'a timing of before that governs on', replace: 'until: now }];', by: 'until: now + 3_600_000 }];', breaks: 'S2' },
  { name: 'the time of a pause governed after it', replace: 'job.paused ? recent : [...recent,', by: '[...recent,', breaks: 'S2' },
  {
    name: 'a timing kept for a minute',
    replace: 'const ACCOUNTED_WITHIN = 24 * 3_600_000;',
    by: 'const ACCOUNTED_WITHIN = 60_000;',
    breaks: 'L2',
  },
  { name: 'a change without an intent', replace: `intent: 'apply',`, by: 'intent: job.intent,', breaks: 'L1' },
]);

const pause = mutantsOf('core/job/pause-job.ts', [
  {
    name: 'a pause without a new timing',
    replace: 'withNewTiming(job, at, { paused: { ...pause, at }, firstTick: null })',
    by: `{ ...job, intent: 'apply', paused: { ...pause, at }, firstTick: null }`,
    breaks: 'L2',
  },
  {
    name: 'a resume without a new timing',
    replace: 'withNewTiming(job, now, { paused: null,',
    by: `({ ...job, intent: 'apply', paused: null,`,
    breaks: 'L2',
  },
  {
    name: 'a resume without a first tick',
    replace: 'firstTick: firstTickOf({ ...timing, since: now }, now)',
    by: 'firstTick: job.firstTick',
    breaks: 'on time',
  },
  {
    name: 'an at that fell into a pause without a record',
    replace: 'if (dueAt !== undefined && dueAt > job.paused.at && dueAt <= now) {',
    by: 'if (dueAt !== undefined && dueAt > now) {',
    breaks: 'L5',
  },
]);

const update = mutantsOf('core/job/update-job.ts', [
  {
    name: 'an anchor moved by an edit',
    replace: 'const anchor = countsOn ? job.anchor : members.anchor;',
    by: 'const { anchor } = members;',
    breaks: 'S2',
  },
  {
    name: 'an edit of the schedule without a new timing',
    replace: 'success(withNewTiming(job, now, { ...members, anchor,',
    by: `success(({ ...job, intent: 'apply', ...members, anchor,`,
    breaks: 'S2',
  },
  {
    name: 'an edit that keeps the first tick of before',
    replace: 'firstTick: firstTickOf(kept, now)',
    by: 'firstTick: job.firstTick',
    breaks: 'on time',
  },
]);

const create = mutantsOf('core/job/create-job.ts', [
  {
    name: 'a job acknowledged although its commit failed',
    replace: `if ((await ports.jobs.create(job)) === 'exists') {`,
    by: `if ((await ports.jobs.create(job).catch(() => 'created')) === 'exists') {`,
    breaks: 'S3',
  },
  {
    name: 'EventBridge told of a job before its commit',
    replace: `if ((await ports.jobs.create(job)) === 'exists') {`,
    by: `await projectIfPossible(ports, job);\n  if ((await ports.jobs.create(job)) === 'exists') {`,
    breaks: 'L1',
  },
  {
    name: 'a repeated request that does not know its job',
    replace: 'if (other?.uid === job.uid) return again(ports, other, definition.value.module);',
    by: '',
    breaks: 'S7',
  },
  {
    name: 'a repeated request that chooses another job',
    replace: 'uid ?? newUid(ports.random)',
    by: 'newUid(ports.random)',
    breaks: 'S7',
  },
  {
    name: 'an at that was just over is never due',
    replace: 'Math.min(now, (dueOf(schedule, zone) ?? now) - 1)',
    by: 'now',
    breaks: 'L5',
  },
]);

/** How a change of a job is committed, and what it makes of the timings. */
export const jobMutants = [...change, ...pause, ...update, ...create];
