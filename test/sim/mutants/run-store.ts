import { mutantsOf } from '../mutant.ts';

/** The conditions under which the table takes writes of runs, locks and turns. */
export const runStoreMutants = mutantsOf('testing/memory-runs.ts', [
  {
    name: 'a claim without its condition',
    replace: `if (other && !(other.state === 'running' && isHeldBy(run, run.lease))) return 'exists';`,
    by: '',
    breaks: 'S1',
  },
  {
    name: 'a claim that takes any running run for its own',
    replace: `if (other && !(other.state === 'running' && isHeldBy(run, run.lease))) return 'exists';`,
    by: `if (other && other.state !== 'running') return 'exists';`,
    breaks: 'S1',
  },
  {
    name: 'a record of an occurrence without its condition',
    replace: `if (runs.has(keyOf(run))) return 'exists';`,
    by: '',
    breaks: 'S4',
  },
  {
    name: 'a run that is asked for again begins anew',
    replace: 'if (!runs.has(keyOf(run))) store(run);',
    by: 'store(run);',
    breaks: 'S7',
  },
  {
    name: 'a start without its condition',
    replace: `if (!waits && !(other?.state === 'running' && isHeldBy(run, run.lease))) return 'gone';`,
    by: '',
    breaks: 'S1',
  },
  {
    name: 'a start of whatever fence',
    replace: `other?.state === 'waiting' && other.fence === run.lease.fence - 1`,
    by: `other?.state === 'waiting'`,
    breaks: 'S6',
  },
  {
    name: 'an end without its lease',
    replace: `if (!other || !isHeldBy(run, lease)) return 'fenced';`,
    by: `if (!other) return 'fenced';`,
    breaks: 'S1',
  },
  {
    name: 'an end of what has ended already',
    replace: `if (other.state !== 'running') return other.state === run.state ? 'ended' : 'fenced';`,
    by: '',
    breaks: 'S4',
  },
  {
    name: 'a retry of a run that was cancelled',
    replace: `if (run.state === 'waiting' && other.cancelledAt !== null) return 'cancelled';`,
    by: '',
    breaks: 'cancel',
  },
  {
    name: 'an end of a waiting run without its condition',
    replace: `if (other?.state !== 'waiting' || other.fence !== fence) return isSame(other, run) ? 'ended' : 'gone';`,
    by: '',
    breaks: 'S4',
  },
  {
    name: 'a beat of a run that has ended',
    replace: `if (other?.state !== 'running' || !isHeldBy(run, run.lease)) return 'fenced';\n      store({ ...other, record });`,
    by: `if (!other) return 'fenced';\n      store({ ...run, record });`,
    breaks: 'S4',
  },
  {
    name: 'a cancellation of a run that has ended',
    replace: `if (run?.state !== 'running') return 'gone';`,
    by: `if (!run || run.state === 'waiting') return 'gone';`,
    breaks: 'S4',
  },
  {
    name: 'a lock that everybody gets',
    replace: 'if (holder !== runId) return { holder };',
    by: '',
    breaks: 'S5',
  },
  {
    name: 'a lock taken over from whoever has it by now',
    replace: `if (held !== undefined && held !== holder && held !== runId) return 'changed';`,
    by: '',
    breaks: 'S5',
  },
  {
    name: 'a lock given back by a run that does not have it',
    replace: 'if (locks.get(jobUid) === runId) locks.delete(jobUid);',
    by: 'locks.delete(jobUid);',
    breaks: 'S5',
  },
  {
    name: 'a turn that everybody gets',
    replace: 'if (turn && turn.owner !== owner && turn.until > now) return false;',
    by: '',
    breaks: 'L2',
  },
  {
    name: 'failed runs that are not among the waiting ones when they wait',
    replace: `const at = 'until' in run ? run.until :`,
    by: `const at = 'until' in run && run.trigger !== 'schedule' ? run.until :`,
    breaks: 'L4',
  },
]);
