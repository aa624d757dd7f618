import { mutantsOf } from '../mutant.ts';

const retry = mutantsOf('core/run/retry.ts', [
  {
    name: 'retries without a limit',
    replace: '&& run.attempt < retry.maxAttempts',
    by: '',
    breaks: 'S6',
  },
  {
    name: 'one attempt too many',
    replace: 'run.attempt < retry.maxAttempts',
    by: 'run.attempt <= retry.maxAttempts',
    breaks: 'S6',
  },
  {
    name: 'a crash that is not tried again',
    replace: `(outcome.reason === 'error' || outcome.reason === 'crashed')`,
    by: `outcome.reason === 'error'`,
    breaks: 'L3',
  },
  {
    name: 'attempts of before that are not told of',
    replace: '[...run.attempts, failed]',
    by: '[failed]',
    breaks: 'L4',
  },
  {
    name: 'a module that is not deployed yet fails its run at once',
    replace: 'now - instantOf(run.runId) < DEPLOYED_WITHIN',
    by: 'now < instantOf(run.runId)',
    breaks: 'L4',
  },
  {
    name: 'a module that is not deployed yet uses attempts up',
    replace: 'return again(run.attempt - 1, run.attempts, MODULE_PAUSE);',
    by: 'return again(run.attempt, run.attempts, MODULE_PAUSE);',
    breaks: 'L4',
  },
]);

const requested = mutantsOf('core/run/request-run.ts', [
  {
    name: 'a run acknowledged before it is stored',
    replace: 'await ports.runs.request(run);',
    by: 'void ports.runs.request(run).catch(() => undefined);',
    breaks: 'S3',
  },
  {
    name: 'a run of another name each time the request is repeated',
    replace: 'runId: requestedRunId(at, suffix),',
    by: 'runId: requestedRunId(ports.clock.now(), suffix),',
    breaks: 'S7',
  },
  {
    name: 'a cancellation acknowledged although the run has begun',
    replace: `if (await cancelWaiting(ports, run)) return success('cancelled');`,
    by: `await cancelWaiting(ports, run);\n      return success('cancelled');`,
    breaks: 'cancel',
  },
]);

const others = [
  ...mutantsOf('core/run/heartbeat.ts', [
    {
      name: 'a cancellation that the module never hears of',
      replace: `if (answer !== 'goOn') return`,
      by: `if (answer === 'fenced') return`,
      breaks: 'cancel',
    },
  ]),
  ...mutantsOf('core/run/turn.ts', [
    {
      name: 'a turn that is not waited for',
      replace: 'while (!(await runs.takeTurn(jobUid, owner, clock.now(), clock.now() + LONGEST))) {',
      by: 'while (false) {',
      breaks: 'L2',
    },
  ]),
  ...mutantsOf('core/run/message.ts', [
    {
      name: 'a message that names the start of before',
      replace: 'runId, fence: fence + 1 }',
      by: 'runId, fence: Math.max(1, fence) }',
      breaks: 'L4',
    },
  ]),
];

/** What becomes of a run that is to be tried again, was asked for, or is to be stopped. */
export const retryMutants = [...retry, ...requested, ...others];
