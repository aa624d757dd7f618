import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { DEFAULT_RUNNER, isRunnerClass, RUNNER_RULE } from '../core/ids.ts';
import type { JobSchedulerProps } from './job-scheduler.ts';
import type { RunnerLimits } from './runner.ts';

const RETENTIONS = Object.values(RetentionDays).filter((days): days is number => typeof days === 'number' && days < 9_999);
const whole = (least: number, most: number) => z.int().min(least).max(most);

const limits = z.strictObject({
  memorySize: whole(128, 10_240).optional(),
  /** A module's own timeout is at least a minute less. */
  timeoutMinutes: whole(2, 15).optional(),
  reservedConcurrency: whole(2, 1_000).optional(),
  /** How many messages of the delay queue are handled at once. */
  maxConcurrency: whole(2, 1_000).optional(),
});

/** What may be said of a stage; everything has a default that is safe for production. */
const config = z.strictObject({
  /** The table and the logs go with the stack. */
  disposable: z.boolean().optional(),
  logRetentionDays: z
    .int()
    .refine((days) => RETENTIONS.includes(days), `one of ${RETENTIONS.sort((a, b) => a - b).join(', ')}`)
    .optional(),
  /** Where alarms go: a topic that is there, or one that is made, with an address that has to confirm its subscription. */
  alarms: z
    .strictObject({
      topicArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/)
        .optional(),
      email: z
        .email()
        // RFC 2606 keeps them for examples.
        .refine((address) => !/[@.]example\.(com|net|org)$/.test(address), 'an address of your own')
        .optional(),
    })
    .refine(({ topicArn, email }) => topicArn !== undefined || email !== undefined, 'a topicArn or an email, else nobody hears them')
    .optional(),
  /** Requests a second to the API. */
  throttle: z.strictObject({ rateLimit: whole(1, 10_000), burstLimit: whole(1, 5_000) }).optional(),
  /** JSON web tokens of an issuer instead of IAM. */
  jwt: z.strictObject({ issuer: z.url({ protocol: /^https$/ }), audience: z.array(z.string().min(1)).min(1) }).optional(),
  domain: z
    .strictObject({
      name: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
      certificateArn: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/),
      isOnly: z.boolean().optional(),
    })
    .optional(),
  /** The limits of the runner of modules that name none. */
  runner: limits.optional(),
  /** Further classes of runners, by name. */
  runners: z
    .record(z.string(), limits)
    .refine((classes) => Object.keys(classes).every(isRunnerClass), RUNNER_RULE)
    .refine((classes) => !Object.hasOwn(classes, DEFAULT_RUNNER), `the limits of the ${DEFAULT_RUNNER} runner are said under \`runner\``)
    .optional(),
  /** A key of the account's own for table, queues and logs: one that is made, or the ARN of one that is there. */
  customerKey: z.union([z.boolean(), z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/)]).optional(),
  /** Metrics for each module: ten a module, at CloudWatch's price. */
  moduleMetrics: z.boolean().optional(),
});

export type StageConfig = z.input<typeof config>;

/** Reads what is said of a stage; throws with every member that is not as it should be. */
export function stageProps(stages: Readonly<Record<string, StageConfig>>, name: string): Omit<JobSchedulerProps, 'bundles'> {
  const stage = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (stage === undefined)
    throw new Error(`stage "${name}" is not in infra/stages.ts, which has ${Object.keys(stages).join(', ')}; add it there`);
  const read = config.safeParse(stage);
  if (!read.success) throw new Error(`stage "${name}" in infra/stages.ts:\n${z.prettifyError(read.error)}`);
  const { disposable, logRetentionDays, runner = {}, runners = {}, ...others } = read.data;
  return {
    stage: name,
    isDisposable: disposable,
    // It was found among CDK's.
    logRetention: logRetentionDays as RetentionDays | undefined,
    runner: limitsOf(runner),
    runners: Object.fromEntries(Object.entries(runners).map(([of, limits]) => [of, limitsOf(limits)])),
    ...others,
  };
}

/** As `stageProps`, for a program: says what is wrong, and ends it. */
export function stagePropsOrEnd(...of: Parameters<typeof stageProps>): ReturnType<typeof stageProps> {
  try {
    return stageProps(...of);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

function limitsOf({ timeoutMinutes, ...others }: z.output<typeof limits>): RunnerLimits {
  return { ...others, timeout: timeoutMinutes === undefined ? undefined : Duration.minutes(timeoutMinutes) };
}
