import { mutantsOf } from '../mutant.ts';

const lateness = mutantsOf('core/run/lateness.ts', [
  { name: 'catchUp latest that runs the newest two', replace: 'laterDue < most', by: 'laterDue <= most', breaks: 'lateness' },
  { name: 'catchUp none that runs the newest', replace: 'none: 0', by: 'none: 1', breaks: 'lateness' },
  { name: 'catchUp all that runs the newest', replace: 'all: MOST_CAUGHT_UP', by: 'all: 1', breaks: 'lateness' },
  {
    name: 'catchUp that knows no limit in time',
    replace: `if (now - dueAt > milliseconds(within)) return 'missed';`,
    by: '',
    breaks: 'lateness',
  },
]);

const turn = mutantsOf('core/run/turn.ts', [
  {
    name: 'a turn given back while its write may still be carried out',
    replace: 'const done = await work();',
    by: 'const done = await work().catch(async (error) => {\n    await runs.endTurn(jobUid, owner);\n    throw error;\n  });',
    breaks: 'L2',
  },
]);

const gaps = mutantsOf('core/run/gaps.ts', [
  {
    name: 'a due time recorded as missed twice',
    replace: 'answered.has(dueAt) || stretches.some((stretch) => stretch.from <= dueAt && dueAt <= stretch.to)',
    by: 'answered.has(dueAt)',
    breaks: 'L2',
  },
  {
    name: 'a stretch of missed due times that goes on over one that was run',
    replace: `open = fate === 'missed';`,
    by: `open = open || fate === 'missed';`,
    breaks: 'L2',
  },
  {
    name: 'a stretch of missed due times with a run by hand inside',
    replace: 'if (last && !isAfterAnother)',
    by: 'if (last)',
    breaks: 'L2',
  },
  {
    name: 'a stretch taken for recorded although its last due time was answered meanwhile',
    replace: `if (recorded === 'exists') throw`,
    by: `if (recorded === 'never') throw`,
    breaks: 'L2',
  },
  {
    name: 'missed due times recorded without a turn',
    replace: 'return inTurn(ports, job.uid, settle);',
    by: 'return settle();',
    breaks: 'L2',
  },
  {
    name: 'the newest due time counts itself as a later one',
    replace: 'newest.length - 1 - index',
    by: 'newest.length - index',
    breaks: 'lateness',
  },
  {
    name: 'what is missing is found and not sent for',
    replace: 'if (toRun.length === 0) return;',
    by: 'return;',
    breaks: 'L2',
  },
  {
    name: 'the walk takes due times for answered where nothing runs',
    replace: 'return records.areOver && dueAts.every(records.answers);',
    by: 'return records.areOver;',
    breaks: 'L2',
  },
  {
    name: 'the walk takes runs under way for ended',
    replace: 'return records.areOver && dueAts.every(records.answers);',
    by: 'return dueAts.every(records.answers);',
    breaks: 'L3',
  },
  {
    name: 'only the newest page of records is read',
    replace: 'more = page.more;',
    by: 'more = false;',
    breaks: 'L2',
  },
]);

const account = mutantsOf('core/reconcile/account.ts', [
  {
    name: 'a job that was changed since is not accounted for',
    replace: 'if (job.timingFrom > from && job.rev > 1) return undefined;',
    by: '',
    breaks: 'L2',
  },
  {
    name: 'runs under way looked at in one walk only',
    replace: 'const runningSince = walk.from - LOOK_BACK;',
    by: 'const runningSince = walk.from;',
    breaks: 'L3',
  },
  {
    name: 'a run whose process is gone is not ended by the walk',
    replace: 'for (const run of gaps.running) await end(run);',
    by: '',
    breaks: 'L3',
  },
  {
    name: 'the walk ends runs whose processes live',
    replace: 'if (isExpired(run, ports) && (await',
    by: 'if (run.attempt > 0 && (await',
    breaks: 'S6',
  },
]);

const undelivered = mutantsOf('core/reconcile/undelivered.ts', [
  {
    name: 'a failed invocation counts as dead although its twin lives',
    replace: '(isGone && isIts(run)) ||',
    by: 'isIts(run) ||',
    breaks: 'S6',
  },
  {
    name: 'a failed invocation whose lease is not over is forgotten',
    replace: 'else if (isIts(run)) throw',
    by: 'else if (job.rev < 0) throw',
    breaks: 'L3',
  },
  {
    name: 'a start that always fails is never given up',
    replace: `if (run?.state !== 'waiting' || run.fence + 1 !== fence) return;`,
    by: 'if (run) return;',
    breaks: 'L4',
  },
]);

/** How what did not arrive is found, and what becomes of it. */
export const accountMutants = [...turn, ...lateness, ...gaps, ...account, ...undelivered];
