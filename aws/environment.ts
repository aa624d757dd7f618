import { DEFAULT_RUNNER } from '../core/ids.ts';
import * as z from '../core/zod.ts';

const arn = z.string().check(z.startsWith('arn:'));
const runnersByClass = z.record(z.string(), z.object({ arn: z.optional(arn), queueUrl: z.url() }));
const onOrOff = z._default(z.enum(['on', 'off']), 'off');

const environment = z.object({
  CARILLON_TABLE: z.string().check(z.minLength(3)),
  CARILLON_SCHEDULE_GROUP: z.string().check(z.minLength(1)),
  /** Of the default runner; the runners themselves do not know it. */
  CARILLON_RUNNER_ARN: z.optional(arn),
  CARILLON_SCHEDULER_ROLE_ARN: arn,
  CARILLON_QUEUE_URL: z.url(),
  CARILLON_UNDELIVERED_ARN: arn,
  CARILLON_STAGE: z.string().check(z.minLength(1)),
  /** Whether failures are put on the account's event bus: not by a local host, which has none. */
  CARILLON_EVENTS: onOrOff,
  CARILLON_MODULE_METRICS: onOrOff,
  /** The runners of other classes than the default's; a runner itself knows only their queues. */
  CARILLON_RUNNERS: z.pipe(
    z._default(z.string(), '{}'),
    z.transform((text) => runnersByClass.parse(JSON.parse(text))),
  ),
  CARILLON_RUNNER_CLASS: z._default(z.string(), DEFAULT_RUNNER),
});

type Environment = z.output<typeof environment>;

/** Reads what a handler needs from its environment; fails at once with every name that is missing. */
export function readEnvironment<Name extends keyof Environment>(...names: readonly Name[]): Pick<Environment, Name> {
  const mask = Object.fromEntries(names.map((name) => [name, true])) as { [N in Name]: true };
  const read = z.pick(environment, mask as never).safeParse(process.env);
  if (!read.success) throw new Error(`The environment is not complete: ${z.prettifyError(read.error)}`);
  return read.data as Pick<Environment, Name>;
}

const SECRET_NAME = /SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|PRIVATE|API_?KEY/i;
const SHORTEST = 8;

/** The values of variables whose names say that they are secret, those of AWS's own credentials among them. */
export function secretsOfEnvironment(): string[] {
  return Object.entries(process.env).flatMap(([name, value]) =>
    value && value.length >= SHORTEST && SECRET_NAME.test(name) ? [value] : [],
  );
}

/** When a local host began: nothing that started to execute before is alive. */
export function aliveSince(): number {
  return Number(process.env.CARILLON_ALIVE_SINCE ?? 0);
}
