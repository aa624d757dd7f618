import { mutantsOf } from '../mutant.ts';

const execute = mutantsOf('core/run/execute.ts', [
  {
    name: 'a start with the fence of before',
    replace: 'fence: waiting.fence + 1,',
    by: 'fence: waiting.fence,',
    breaks: 'L4',
  },
  {
    name: 'an attempt that is not counted',
    replace: 'attempt: waiting.attempt + 1,',
    by: 'attempt: Math.max(1, waiting.attempt),',
    breaks: 'S6',
  },
  {
    name: 'a lease that never ends',
    replace: 'expiresAt: invocation.deadline + LEASE_MARGIN',
    by: 'expiresAt: Number.MAX_SAFE_INTEGER',
    breaks: 'L3',
  },
  {
    name: 'a lease that ends at once',
    replace: 'expiresAt: invocation.deadline + LEASE_MARGIN',
    by: 'expiresAt: clock.now()',
    breaks: 'S6',
  },
  {
    name: 'a run that may overlap and is skipped',
    replace: "policies.overlap === 'skip' && module",
    by: 'module',
    breaks: 'S5',
  },
  {
    name: 'a lock that is not asked for',
    replace: `const wantsLock = !claimed.locked && policies.overlap === 'skip' && module !== undefined;`,
    by: 'const wantsLock = false;',
    breaks: 'S5',
  },
  {
    name: 'a lock that runs by hand do not ask for',
    replace: `!claimed.locked && policies.overlap === 'skip'`,
    by: `!claimed.locked && claimed.trigger === 'schedule' && policies.overlap === 'skip'`,
    breaks: 'S5',
  },
  {
    name: 'a lock given back although the code of the module is still at it',
    replace: 'run.locked && !bodyLives',
    by: 'run.locked',
    breaks: 'S5',
  },
  {
    name: 'a run that gives way although there is no other',
    replace: `if (lock.is === 'held') return await giveWay(ports, kept, lock.by, policies);`,
    by: `if (lock.is === 'held' || claimed.late) return await giveWay(ports, kept, claimed.runId, policies);`,
    breaks: 'L2',
  },
  {
    name: 'an overlapping run that is to be caught up with is skipped',
    replace: `late && catchUp.run === 'all'`,
    by: `late && catchUp.run === 'none'`,
    breaks: 'lateness',
  },
]);

const lock = mutantsOf('core/run/lock.ts', [
  {
    name: 'a lock of a run that has ended is never taken over',
    replace: `if (!run || isEnded(run)) return true;\n  if (run.state === 'waiting'`,
    by: `if (!run) return true;\n  if (isEnded(run) || run.state === 'waiting'`,
    breaks: 'L3',
  },
  {
    name: 'a lock taken over from a run that waits for its retry',
    replace: `if (run.state === 'waiting' || !isExpired`,
    by: `if (run.state === 'waiting') return true;\n  if (!isExpired`,
    breaks: 'S5',
  },
  {
    name: 'a lock taken over from a run whose process lives',
    replace: `run.state === 'waiting' || !isExpired(run, ports)`,
    by: `run.state === 'waiting'`,
    breaks: 'S5',
  },
  {
    name: 'a lock taken over from a crashed run that is tried again',
    replace: `return ended !== undefined && ended.state !== 'waiting';`,
    by: 'return true;',
    breaks: 'S5',
  },
]);

const conclude = mutantsOf('core/run/conclude.ts', [
  {
    name: 'a lock that is not kept through a retry',
    replace: 'else if (isLocked) await ports',
    by: 'if (isLocked) await ports',
    breaks: 'S5',
  },
  {
    name: 'a lock given back before the end is recorded',
    replace: 'const stored = await ports.runs.end(next, run.lease);',
    by: `if (isLocked && next.state !== 'waiting') await ports.runs.unlock(run);\n  const stored = await ports.runs.end(next, run.lease);`,
    breaks: 'S5',
  },
  {
    name: 'an end that could not be recorded and is taken for recorded',
    replace: 'const stored = await ports.runs.end(next, run.lease);',
    by: `const stored = await ports.runs.end(next, run.lease).catch(() => 'ended');`,
    breaks: 'S5',
  },
  {
    name: 'a run that was cancelled ends as crashed',
    replace: 'run.cancelledAt === null\n      ?',
    by: 'run.cancelledAt !== undefined\n      ?',
    breaks: 'cancel',
  },
]);

/** What lies between the claim and the end: the lease, the lock and the end itself. */
export const executeMutants = [...execute, ...lock, ...conclude];
