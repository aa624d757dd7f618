import { invalid } from './errors.ts';
import type { ScheduleRequest } from './shapes.ts';

/** What a schedule is delivered to here. */
export type TargetKind = 'lambda' | 'sqs';

const LAMBDA = /^arn:aws(-[a-z]+)*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]+(:[\w$-]+)?$/;
const SQS = /^arn:aws(-[a-z]+)*:sqs:([a-z0-9-]+):\d{12}:([\w-]{1,80}|[\w-]{1,75}\.fifo)$/;
/** The templated targets of EventBridge Scheduler that are not imitated (User Guide, "managing-targets-templated"). */
const ELSEWHERE = ['codebuild', 'codepipeline', 'ecs', 'events', 'inspector', 'kinesis', 'firehose', 'sagemaker', 'sns', 'states'];
const PARAMETERS = ['SqsParameters', 'EcsParameters', 'EventBridgeParameters', 'KinesisParameters', 'SageMakerPipelineParameters'] as const;
const MAX_INPUT_BYTES = 256 * 1024;

/** Which service an ARN is of, if it is one that is delivered to here. */
export function kindOf(arn: string): TargetKind | undefined {
  if (LAMBDA.test(arn)) return 'lambda';
  return SQS.test(arn) ? 'sqs' : undefined;
}

/** Checks a target as EventBridge Scheduler does at creation: it looks at what is written, not at whether it exists. */
export function checkTarget(target: ScheduleRequest['Target'], region: string): void {
  const kind = kindOf(target.Arn);
  if (!kind) throw invalid(refusalOf(target.Arn));
  // SQS queues of other regions are not known to be refused; the stricter answer.
  if (target.Arn.split(':')[3] !== region) throw invalid(`The target ARN provided does not match the current region ${region}.`);
  for (const block of PARAMETERS) {
    const isIts = block === 'SqsParameters' && kind === 'sqs';
    if (target[block] !== undefined && !isIts) throw invalid(`Parameters ${block} not supported for the target`);
  }
  if (kind === 'sqs') checkQueue(target);
  checkInput(target.Input);
}

function checkQueue({ Arn, SqsParameters }: ScheduleRequest['Target']): void {
  const isFifo = Arn.endsWith('.fifo');
  if (isFifo && SqsParameters?.MessageGroupId === undefined) throw invalid('Parameters SqsParameters must be specified');
  if (!isFifo && SqsParameters?.MessageGroupId !== undefined) throw invalid('Parameters MessageGroupId not valid for the target');
}

/** Plain text for a queue: the guide allows it, measurements refuse it; the stricter answer. */
function checkInput(input: string | undefined): void {
  if (input === undefined) return;
  if (Buffer.byteLength(input) > MAX_INPUT_BYTES)
    throw invalid(
      `1 validation error detected: Value at 'target.input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_INPUT_BYTES}`,
    );
  try {
    JSON.parse(input);
  } catch {
    throw invalid('JSON syntax error in input for the target');
  }
}

function refusalOf(arn: string): string {
  const [prefix, , service = ''] = arn.split(':');
  if (prefix !== 'arn' || service === '') return 'Provided Arn is not in correct format.';
  const isUniversal = /^arn:aws(-[a-z]+)*:scheduler:::aws-sdk:/.test(arn);
  if (!isUniversal && !ELSEWHERE.includes(service) && service !== 'lambda' && service !== 'sqs')
    return `${service} is not a supported service for a target`;
  if (service === 'lambda' || service === 'sqs') return 'Provided Arn is not in correct format.';
  return `${isUniversal ? 'A universal target' : service} is not a supported service for a target of the local scheduler: it delivers to Lambda functions and SQS queues by their ARNs`;
}
