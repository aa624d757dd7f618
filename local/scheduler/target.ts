import { invalid } from './errors.ts';
import type { ScheduleRequest } from './shapes.ts';

type Target = ScheduleRequest['Target'];

/** What a target is: one of the services by its ARN, or any call of the SDK. */
export type TargetKind = (typeof TEMPLATED)[number] | 'universal';

/** The templated targets (User Guide, "managing-targets-templated"), by the service in their ARNs. */
const TEMPLATED = [
  'lambda',
  'sqs',
  'codebuild',
  'codepipeline',
  'ecs',
  'events',
  'inspector',
  'kinesis',
  'firehose',
  'sagemaker',
  'sns',
  'states',
] as const;

/** Of those that are delivered to here the whole ARN is looked at. */
const FORMATS: Partial<Record<TargetKind, RegExp>> = {
  lambda: /^arn:aws(-[a-z]+)*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]+(:[\w$-]+)?$/,
  sqs: /^arn:aws(-[a-z]+)*:sqs:([a-z0-9-]+):\d{12}:([\w-]{1,80}|[\w-]{1,75}\.fifo)$/,
};
const UNIVERSAL = /^arn:aws(-[a-z]+)*:scheduler:::aws-sdk:([a-z0-9-]+):([A-Za-z0-9]+)$/;
/** What only reads is no target (User Guide, "managing-targets-universal"). */
const READS = new RegExp(
  `^(${[
    ...['get', 'describe', 'list', 'poll', 'receive', 'search', 'scan', 'query', 'select', 'read', 'lookup', 'discover', 'validate'],
    ...['batchGet', 'batchDescribe', 'batchRead', 'transactGet', 'adminGet', 'adminList', 'testMigration', 'retrieve', 'testConnection'],
    ...['translateDocument', 'isAuthorized', 'isAuthorizedWithToken', 'invokeModel'],
  ].join('|')})`,
);

/** The block of parameters that belongs to a kind, and whether there has to be one. */
const BLOCKS = {
  SqsParameters: { of: 'sqs', isNeeded: false },
  EcsParameters: { of: 'ecs', isNeeded: true },
  EventBridgeParameters: { of: 'events', isNeeded: true },
  KinesisParameters: { of: 'kinesis', isNeeded: true },
  SageMakerPipelineParameters: { of: 'sagemaker', isNeeded: false },
  // Of the newest SDK only; what they go with is not documented.
  EventBridgePutEventsV2Parameters: { of: undefined, isNeeded: false },
  EventBridgePutRawEventsParameters: { of: undefined, isNeeded: false },
} as const;

/** The model wants JSON of these and of no other. */
const WANT_JSON: readonly TargetKind[] = ['lambda', 'states', 'events'];
const MAX_INPUT_BYTES = 256 * 1024;

/** What a stored target is. */
export function kindOf(arn: string): TargetKind {
  return UNIVERSAL.test(arn) ? 'universal' : (arn.split(':')[2] as TargetKind);
}

/** The call that a target stands for, as dead letters name it. */
export function callOf(arn: string): string {
  const [, , service, api] = UNIVERSAL.exec(arn) ?? [];
  if (service) return `${service}:${api}`;
  const kind = kindOf(arn);
  return kind === 'lambda' ? 'lambda:invoke' : kind === 'sqs' ? 'sqs:sendMessage' : kind;
}

/** Checks a target as EventBridge Scheduler does at creation: it looks at what is written, not at whether it exists. */
export function checkTarget(target: Target, region: string): void {
  const kind = readKind(target.Arn);
  const [, , , ofArn] = target.Arn.split(':');
  // SQS queues of other regions are not known to be refused; the stricter answer.
  if (['lambda', 'sqs', 'events'].includes(kind) && ofArn !== region)
    throw invalid(`The target ARN provided does not match the current region ${region}.`);
  for (const [name, { of, isNeeded }] of Object.entries(BLOCKS)) {
    const isGiven = target[name as keyof typeof BLOCKS] !== undefined;
    if (isGiven && of !== kind) throw invalid(`Parameters ${name} not supported for the target`);
    if (isNeeded && of === kind && !isGiven) throw invalid(`Parameters ${name} must be specified`);
  }
  if (kind === 'sqs') checkQueue(target);
  if (target.EcsParameters?.LaunchType === 'FARGATE' && target.EcsParameters.NetworkConfiguration === undefined)
    throw invalid('Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE');
  if (kind === 'universal' && target.Input === undefined) throw invalid('You must provide an input to set this target for your schedule');
  checkInput(target.Input, WANT_JSON.includes(kind));
}

function checkQueue({ Arn, SqsParameters }: Target): void {
  const isFifo = Arn.endsWith('.fifo');
  if (isFifo && SqsParameters?.MessageGroupId === undefined) throw invalid('Parameters SqsParameters must be specified');
  if (!isFifo && SqsParameters?.MessageGroupId !== undefined) throw invalid('Parameters MessageGroupId not valid for the target');
}

function checkInput(input: string | undefined, isJson: boolean): void {
  if (input === undefined) return;
  if (Buffer.byteLength(input) > MAX_INPUT_BYTES)
    throw invalid(
      `1 validation error detected: Value at 'target.input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_INPUT_BYTES}`,
    );
  if (!isJson) return;
  try {
    JSON.parse(input);
  } catch {
    throw invalid('JSON syntax error in input for the target');
  }
}

function readKind(arn: string): TargetKind {
  const [, , , api] = UNIVERSAL.exec(arn) ?? [];
  if (api) {
    if (READS.test(api)) throw invalid(`${api} API is not supported`);
    return 'universal';
  }
  const [prefix, , service = '', , , resource = ''] = arn.split(':');
  if (prefix !== 'arn' || service === '') throw invalid('Provided Arn is not in correct format.');
  const kind = TEMPLATED.find((one) => one === service);
  if (!kind) throw invalid(`${service} is not a supported service for a target`);
  if (resource === '' || FORMATS[kind]?.test(arn) === false) throw invalid('Provided Arn is not in correct format.');
  return kind;
}
