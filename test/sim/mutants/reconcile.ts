import { mutantsOf } from '../mutant.ts';

const reconcile = mutantsOf('core/reconcile/reconcile.ts', [
  {
    name: 'intents that nobody finishes',
    replace: 'if (await finishIntent(ports, await jobs.get(id))) done.intents += 1;',
    by: '',
    breaks: 'L1',
  },
  {
    name: 'waiting runs that nobody sends for again',
    replace: 'await sendStart(ports, run);\n',
    by: '\n',
    breaks: 'L4',
  },
  {
    name: 'a job that is over keeps the schedule it had before',
    replace: `if ((await ports.engine.remove(scheduleName(job))).is === 'retry') return false;`,
    by: '',
    breaks: 'L5',
  },
  {
    name: 'a started run that nobody looks after',
    replace: "if (run?.state === 'running' && (await endIfDead(ports, run))) done.crashes += 1;",
    by: '',
    breaks: 'L3',
  },
  {
    name: 'intents finished while whoever has them is still at it',
    replace: 'const before = clock.now() - request.settledForMs;',
    by: 'const before = clock.now();',
    breaks: 'L1',
  },
]);

const compared = mutantsOf('core/reconcile/compare.ts', [
  {
    name: 'a change by hand that an edit of the texts hides',
    replace: 'Math.max(listed.timingFrom, listed.madeAt ?? 0)',
    by: 'Math.max(listed.updatedAt, listed.madeAt ?? 0)',
    breaks: 'L1',
  },
]);

const walk = mutantsOf('core/reconcile/walk.ts', [
  {
    name: 'a delete that is not counted before it is made',
    replace: 'walk = { ...walk, deleted: walk.deleted + 1 };',
    by: '',
    breaks: 'S8',
  },
  {
    name: 'a walk that has come as far although something failed',
    replace: 'accountedTo: failed === 0 ? to : walk.from,',
    by: 'accountedTo: to,',
    breaks: 'L2',
  },
  {
    name: 'what a walk left open is forgotten by the next one',
    replace: 'wasOpen: (id) => leftOpen?.has(id) ?? true,',
    by: 'wasOpen: () => false,',
    breaks: 'L3',
  },
  {
    name: 'what was sent for is not looked at once more',
    replace: 'recheck: recheckAfter(walk, checkpoint.recheck, clock.now()),',
    by: 'recheck: null,',
    breaks: 'L2',
  },
  {
    name: 'a walk that begins where the one before looked at the clock, and not where it ended',
    replace: 'return { from, to: now - settledForMs, compares,',
    by: 'return { from: Math.max(from, now - 240_000), to: now - settledForMs, compares,',
    breaks: 'L2',
  },
  {
    name: 'schedules that are compared once and never again',
    replace: '|| now - comparedAt >= COMPARE_EVERY;',
    by: ';',
    breaks: 'L1',
  },
  {
    name: 'a walk that deletes as many schedules as it likes',
    replace: 'if (walk.unlisted || walk.deleted >= mostDeleted(walk.listed)) break;',
    by: 'if (walk.unlisted) break;',
    breaks: 'S8',
  },
]);

const compare = mutantsOf('core/reconcile/compare.ts', [
  {
    name: 'an orphan that is believed without its age and a strong read',
    replace: 'if (createdAt > clock.now() - ORPHAN_AGE) return false;\n  const dot',
    by: 'jobs = { get: async () => undefined };\n  const dot',
    breaks: 'S8',
  },
  {
    name: 'orphans that stay',
    replace: 'if (createdAt > clock.now() - ORPHAN_AGE) return false;',
    by: 'if (createdAt <= clock.now()) return false;',
    breaks: 'L1',
  },
  {
    name: 'a schedule made again with the first tick of long ago',
    replace: 'const firstTick = job.paused ? null : firstTickOf(timingOf(job), now);',
    by: 'const { firstTick } = job;',
    breaks: 'on time',
  },
  {
    name: 'a schedule that was deleted by hand is not made again',
    replace: `case 'absent':\n      return remakeIfDue(ports, job);`,
    by: `case 'absent':\n      return false;`,
    breaks: 'L1',
  },
  {
    name: 'a schedule that was changed by hand is only seen when it was switched off',
    replace: '|| schedule.modifiedAt > written;',
    by: ';',
    breaks: 'L1',
  },
  {
    name: 'a job that is over whose schedule stays',
    replace: `if (schedule && isOver(job, ports.clock.now())) return (await ports.engine.remove(schedule.name)).is === 'done';`,
    by: '',
    breaks: 'L5',
  },
]);

/** How the reconciler brings EventBridge in line, and how far it says it has come. */
export const reconcileMutants = [...compared, ...reconcile, ...walk, ...compare];
