import * as z from 'zod';
import { ecsParameters, eventBridgeParameters, kinesisParameters, sageMakerPipelineParameters, sqsParameters } from './target-shapes.ts';

/** The shapes of the service model (2021-06-30) that requests are made of. Members that are not in it are ignored, as AWS does. */
const NAME = /^[0-9a-zA-Z-_.]+$/;
const name = z.string().regex(NAME).min(1).max(64);
const clientToken = z
  .string()
  .regex(/^[a-zA-Z0-9-_]+$/)
  .min(1)
  .max(64);
/** An ARN: the model's pattern has one hyphen in the partition and would refuse aws-us-gov; it is what is printed. */
const arn = (matches: RegExp, model: string, max: number) => z.string().regex(matches, { error: model }).min(1).max(max);
const state = z.enum(['ENABLED', 'DISABLED']);

const tag = z.object({ Key: z.string().min(1).max(128), Value: z.string().min(1).max(256) });
const tags = z.array(tag).max(200);
const tagKeys = z.array(z.string().min(1).max(128)).max(200);
/** Only groups have tags. */
const taggedArn = arn(
  /^arn:aws(-[a-z]+)*:scheduler:[a-z0-9-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$/,
  String.raw`arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+`,
  1_011,
);

/** Epoch seconds, fractions allowed, up to the year 9999. */
const date = z.number().min(-62_135_596_800).max(253_402_300_799);

const retryPolicy = z.object({
  MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
  MaximumRetryAttempts: z.int().min(0).max(185).default(185),
});

const target = z.object({
  Arn: z.string().min(1).max(1600),
  RoleArn: arn(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/, String.raw`arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@\/-]+`, 1_600),
  Input: z.string().min(1).optional(),
  // A pattern without a dot: no FIFO queue.
  DeadLetterConfig: z
    .object({
      Arn: arn(
        /^arn:aws(-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]+$/,
        String.raw`arn:aws(-[a-z]+)?:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+`,
        1_600,
      ).optional(),
    })
    .optional(),
  RetryPolicy: retryPolicy.default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }),
  SqsParameters: sqsParameters.optional(),
  EcsParameters: ecsParameters.optional(),
  EventBridgeParameters: eventBridgeParameters.optional(),
  KinesisParameters: kinesisParameters.optional(),
  SageMakerPipelineParameters: sageMakerPipelineParameters.optional(),
  EventBridgePutEventsV2Parameters: z.unknown().optional(),
  EventBridgePutRawEventsParameters: z.unknown().optional(),
});

/** What CreateSchedule and UpdateSchedule take, its defaults filled in; dates are epoch seconds. */
export const namedSchedule = z.object({
  name,
  ScheduleExpression: z.string().min(1).max(256),
  Target: target,
  FlexibleTimeWindow: z.object({ Mode: z.enum(['OFF', 'FLEXIBLE']), MaximumWindowInMinutes: z.int().min(1).max(1_440).optional() }),
  GroupName: name.default('default'),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  State: state.default('ENABLED'),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  StartDate: date.optional(),
  EndDate: date.optional(),
  Description: z.string().max(512).optional(),
  KmsKeyArn: arn(
    /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$/,
    String.raw`arn:aws(-[a-z]+)?:kms:[a-z0-9\-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*`,
    2_048,
  ).optional(),
  ClientToken: clientToken.optional(),
});
export type ScheduleRequest = Omit<z.output<typeof namedSchedule>, 'name'>;

export const createGroup = z.object({ name, Tags: tags.optional(), ClientToken: clientToken.optional() });
/** Who is asked about or deleted. */
export const named = z.object({ name, groupName: name.default('default'), clientToken: clientToken.optional() });
const page = {
  NamePrefix: name.default(''),
  NextToken: z.string().min(1).max(2_048).optional(),
  // How many there are without a wish is not documented.
  MaxResults: z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(100),
};
export const listSchedules = z.object({ ...page, GroupName: name.optional(), State: state.optional() });
export const listGroups = z.object(page);

export const resource = z.object({ resourceArn: taggedArn });
export const tagged = z.object({ resourceArn: taggedArn, Tags: tags });
export const untagged = z.object({ resourceArn: taggedArn, TagKeys: tagKeys });
