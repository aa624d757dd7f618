import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  type SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface Connected {
  readonly client: SchedulerClient;
  readonly region: string;
  /** A role that EventBridge Scheduler may assume, and a function. */
  readonly roleArn: string;
  readonly functionArn: string;
}

type Input = CreateScheduleCommandInput;
const NEVER = 'cron(0 0 1 1 ? 2199)';

/** What AWS is known to refuse at creation: [what, what is sent, the answer, where that is known from]. */
const REFUSED: readonly [string, (connected: Connected) => Partial<Input>, string | RegExp, string][] = [
  ['seconds in a rate', () => ({ ScheduleExpression: 'rate(10 seconds)' }), 'Invalid Schedule Expression rate(10 seconds).', 'LocalStack'],
  ['a rate of nothing', () => ({ ScheduleExpression: 'rate(0 minutes)' }), 'Invalid Schedule Expression rate(0 minutes).', 'cdk-preflight'],
  ['a blank before', () => ({ ScheduleExpression: ' rate(10 minutes)' }), 'Invalid Schedule Expression  rate(10 minutes).', 'LocalStack'],
  ['blanks inside', () => ({ ScheduleExpression: 'rate( 10 minutes )' }), /^Invalid Schedule Expression/, 'LocalStack'],
  ['both day fields', () => ({ ScheduleExpression: 'cron(0 1 * * * *)' }), /^Invalid Schedule Expression/, 'LocalStack'],
  ['no day field', () => ({ ScheduleExpression: 'cron(0 1 ? * ? *)' }), /^Invalid Schedule Expression/, 'cdk-preflight'],
  ['four fields', () => ({ ScheduleExpression: 'cron(0 1 * *)' }), /^Invalid Schedule Expression/, 'cdk-preflight'],
  ['seven fields', () => ({ ScheduleExpression: 'cron(0 1 * * ? * *)' }), /^Invalid Schedule Expression/, 'cdk-preflight'],
  ['minute 71', () => ({ ScheduleExpression: 'cron(71 8 1 * ? *)' }), /^Invalid Schedule Expression/, 'LocalStack'],
  ['no cron', () => ({ ScheduleExpression: 'cron()' }), /^Invalid Schedule Expression/, 'LocalStack'],
  ['an at with Z', () => ({ ScheduleExpression: 'at(2027-01-01T00:00:00Z)' }), /^Invalid Schedule Expression/, 'LocalStack'],
  ['an at with a fraction', () => ({ ScheduleExpression: 'at(2027-01-01T00:00:00.123)' }), /^Invalid Schedule Expression/, 'measured'],
  ['an at without a time', () => ({ ScheduleExpression: 'at(2027-01-01)' }), /^Invalid Schedule Expression/, 'LocalStack'],
  [
    'a window without its length',
    () => ({ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }),
    'MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE',
    'cdk-preflight',
  ],
  [
    'a length without a window',
    () => ({ FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } }),
    'MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF',
    'cdk-preflight',
  ],
  [
    'an old StartDate',
    () => ({ StartDate: new Date(Date.now() - 301_000) }),
    'The StartDate you specify cannot be earlier than 5 minutes ago.',
    'moto PR 8172',
  ],
  [
    'an EndDate at the StartDate',
    () => ({ StartDate: new Date(2_000_000_000_000), EndDate: new Date(2_000_000_000_000) }),
    'The StartDate you specify must come before the EndDate.',
    'cdk-preflight',
  ],
  [
    'an Input that is no JSON',
    (to) => ({ Target: { ...targetOf(to), Input: '{' } }),
    'JSON syntax error in input for the target',
    'cdk-preflight',
  ],
  [
    'a function elsewhere',
    (to) => ({ Target: { ...targetOf(to), Arn: to.functionArn.replace(`:${to.region}:`, ':eu-south-2:') } }),
    /^The target ARN provided does not match the current region /,
    'cdk-preflight',
  ],
  [
    'a service that is no target',
    (to) => ({ Target: { ...targetOf(to), Arn: `arn:aws:s3:${to.region}:123456789012:thing` } }),
    's3 is not a supported service for a target',
    'boto3 issue 3558',
  ],
  [
    'parameters of another target',
    (to) => ({ Target: { ...targetOf(to), SqsParameters: { MessageGroupId: 'g' } } }),
    'Parameters SqsParameters not supported for the target',
    'cdk-preflight',
  ],
  [
    'a name with a blank',
    () => ({ Name: 'a b' }),
    "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+",
    'webiny-js PR 5445',
  ],
  [
    'a universal target that reads',
    (to) => ({ Target: { RoleArn: to.roleArn, Arn: 'arn:aws:scheduler:::aws-sdk:ec2:describeInstances', Input: '{}' } }),
    'describeInstances API is not supported',
    'cdk-preflight',
  ],
  [
    'a universal target without an Input',
    (to) => ({ Target: { RoleArn: to.roleArn, Arn: 'arn:aws:scheduler:::aws-sdk:ec2:startInstances' } }),
    'You must provide an input to set this target for your schedule',
    'cdk-preflight',
  ],
  [
    'a task on Fargate without a network',
    (to) => ({
      Target: {
        RoleArn: to.roleArn,
        Arn: `arn:aws:ecs:${to.region}:123456789012:cluster/c`,
        EcsParameters: { TaskDefinitionArn: `arn:aws:ecs:${to.region}:123456789012:task-definition/t`, LaunchType: 'FARGATE' },
      },
    }),
    'Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE',
    'cdk-preflight',
  ],
  [
    'a task without a definition',
    (to) => ({
      Target: {
        RoleArn: to.roleArn,
        Arn: `arn:aws:ecs:${to.region}:123456789012:cluster/c`,
        EcsParameters: {} as { TaskDefinitionArn: string },
      },
    }),
    /Value null at 'target.ecsParameters.taskDefinitionArn' failed to satisfy constraint: Member must not be null/,
    'service model',
  ],
  ['a long name', () => ({ Name: 'a'.repeat(65) }), /'name' failed to satisfy constraint/, 'service model'],
  ['a long description', () => ({ Description: 'd'.repeat(513) }), /'description' failed to satisfy constraint/, 'service model'],
  ['a state it has not', () => ({ State: 'PAUSED' as 'ENABLED' }), /'state' failed to satisfy constraint/, 'service model'],
  ['a long expression', () => ({ ScheduleExpression: `cron(${'0'.repeat(260)})` }), /'scheduleExpression' failed/, 'service model'],
  ['a token with a blank', () => ({ ClientToken: 'a b' }), /'clientToken' failed to satisfy constraint/, 'service model'],
  [
    'too many retries',
    (to) => ({ Target: { ...targetOf(to), RetryPolicy: { MaximumRetryAttempts: 186 } } }),
    /'target.retryPolicy.maximumRetryAttempts' failed/,
    'service model',
  ],
  [
    'too short an age',
    (to) => ({ Target: { ...targetOf(to), RetryPolicy: { MaximumEventAgeInSeconds: 59 } } }),
    /'target.retryPolicy.maximumEventAgeInSeconds' failed/,
    'service model',
  ],
  [
    'a FIFO queue for dead letters',
    (to) => ({ Target: { ...targetOf(to), DeadLetterConfig: { Arn: `arn:aws:sqs:${to.region}:123456789012:q.fifo` } } }),
    /'target.deadLetterConfig.arn' failed/,
    'service model',
  ],
  [
    'a window of a day and more',
    () => ({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1_441 } }),
    /'flexibleTimeWindow.maximumWindowInMinutes' failed/,
    'service model',
  ],
];

/** What AWS is known to take. */
const TAKEN: readonly [string, Partial<Input>, string][] = [
  ['one minutes', { ScheduleExpression: 'rate(1 minutes)' }, 'LocalStack'],
  ['two minute', { ScheduleExpression: 'rate(2 minute)' }, 'LocalStack'],
  ['five fields', { ScheduleExpression: 'cron(0 1 * * ?)' }, 'cdk-preflight'],
  ['a keyword in capitals', { ScheduleExpression: 'AT(2098-01-01T00:00:00)' }, 'cdk-preflight'],
  ['a range with a step', { ScheduleExpression: 'cron(0-15/1 0 1 1 ? 2199)' }, 'LocalStack issue 13572'],
  ['a range that wraps around', { ScheduleExpression: 'cron(0/30 20-2 ? * MON-FRI *)' }, 'EventBridge User Guide'],
  ['the last Friday', { ScheduleExpression: 'cron(15 10 ? * 6L 2198-2199)' }, 'Scheduler User Guide'],
];

function targetOf({ functionArn, roleArn }: Connected) {
  return { Arn: functionArn, RoleArn: roleArn, Input: '{}' };
}

/** What is known of EventBridge Scheduler's API, against whatever answers it. */
export function schedulerContract(what: string, connect: () => Promise<Connected>): void {
  describe(what, () => {
    const group = `contract-${Math.floor(Math.random() * 1e9)}`;
    let to: Connected;
    let names = 0;
    const inputOf = (more: Partial<Input> = {}): Input => ({
      Name: `s${names++}`,
      GroupName: group,
      ScheduleExpression: NEVER,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: targetOf(to),
      State: 'DISABLED',
      ...more,
    });
    const create = async (more: Partial<Input> = {}) => {
      const input = inputOf(more);
      const { ScheduleArn } = await to.client.send(new CreateScheduleCommand(input));
      return { Name: input.Name as string, GroupName: group, ScheduleArn };
    };

    beforeAll(async () => {
      to = await connect();
      await to.client.send(new CreateScheduleGroupCommand({ Name: group, Tags: [{ Key: 'made-by', Value: 'contract' }] }));
    });
    afterAll(async () => {
      await to.client.send(new DeleteScheduleGroupCommand({ Name: group }));
    });

    it.each(REFUSED)('refuses %s', async (_, input, message) => {
      await expect(create(input(to))).rejects.toMatchObject({
        name: 'ValidationException',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        $metadata: { httpStatusCode: 400 },
      });
    });

    it.each(TAKEN)('takes %s, and shows it as it was sent', async (_, input) => {
      const made = await create(input);
      const { ScheduleExpression } = await to.client.send(new GetScheduleCommand(made));
      expect(ScheduleExpression).toBe(input.ScheduleExpression);
    });

    it('shows a schedule with its defaults, and nothing that was never given', async () => {
      const { Name } = await create({ State: undefined });
      const { $metadata, CreationDate, LastModificationDate, Arn, ...shown } = await to.client.send(
        new GetScheduleCommand({ Name, GroupName: group }),
      );
      expect($metadata.httpStatusCode).toBe(200);
      expect(CreationDate).toBeInstanceOf(Date);
      expect(LastModificationDate).toEqual(CreationDate);
      expect(Arn).toMatch(new RegExp(`^arn:aws:scheduler:${to.region}:\\d{12}:schedule/${group}/${Name}$`));
      expect(shown).toEqual({
        Name,
        GroupName: group,
        ScheduleExpression: NEVER,
        ScheduleExpressionTimezone: 'UTC',
        State: 'ENABLED',
        ActionAfterCompletion: 'NONE',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { ...targetOf(to), RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
      });
    });

    it('replaces the whole schedule when it is updated', async () => {
      const made = await create({ Description: 'first', ScheduleExpressionTimezone: 'Europe/Berlin' });
      await to.client.send(new UpdateScheduleCommand({ ...inputOf(), Name: made.Name, State: undefined }));
      const shown = await to.client.send(new GetScheduleCommand(made));
      expect(shown).toMatchObject({ ScheduleExpressionTimezone: 'UTC', State: 'ENABLED' });
      expect(shown.Description).toBeUndefined();
    });

    it('has a name once, and nothing of what is not there', async () => {
      const made = await create();
      await expect(create({ Name: made.Name })).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
      const gone = { name: 'ResourceNotFoundException', message: 'Schedule none does not exist.', $metadata: { httpStatusCode: 404 } };
      const none = { Name: 'none', GroupName: group };
      await expect(to.client.send(new GetScheduleCommand(none))).rejects.toMatchObject(gone);
      await expect(to.client.send(new DeleteScheduleCommand(none))).rejects.toMatchObject(gone);
      await expect(to.client.send(new UpdateScheduleCommand({ ...inputOf(), Name: 'none' }))).rejects.toMatchObject(gone);
      await expect(create({ GroupName: 'no-such-group' })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'Schedule group no-such-group does not exist.',
      });
    });

    it('lists schedules in pages, by prefix and state', async () => {
      for (const n of [1, 2, 3]) await create({ Name: `page-${n}`, ...(n === 3 && { State: 'ENABLED' as const }) });
      const query = { GroupName: group, NamePrefix: 'page-', MaxResults: 2 };
      const first = await to.client.send(new ListSchedulesCommand(query));
      expect(first.Schedules?.map(({ Name }) => Name)).toEqual(['page-1', 'page-2']);
      const second = await to.client.send(new ListSchedulesCommand({ ...query, NextToken: first.NextToken }));
      expect([second.Schedules?.map(({ Name }) => Name), second.NextToken]).toEqual([['page-3'], undefined]);
      const disabled = await to.client.send(new ListSchedulesCommand({ ...query, State: 'DISABLED' }));
      expect(disabled.Schedules?.map(({ Name }) => Name)).toEqual(['page-1', 'page-2']);
    });

    it('has groups with tags', async () => {
      const { Arn, State } = await to.client.send(new GetScheduleGroupCommand({ Name: group }));
      expect(State).toBe('ACTIVE');
      await to.client.send(new TagResourceCommand({ ResourceArn: Arn, Tags: [{ Key: 'team', Value: 'a b' }] }));
      await to.client.send(new UntagResourceCommand({ ResourceArn: Arn, TagKeys: ['made-by', 'not there'] }));
      const { Tags } = await to.client.send(new ListTagsForResourceCommand({ ResourceArn: Arn }));
      expect(Tags).toEqual([{ Key: 'team', Value: 'a b' }]);
      const { ScheduleGroups } = await to.client.send(new ListScheduleGroupsCommand({ NamePrefix: group }));
      expect(ScheduleGroups).toMatchObject([{ Name: group, State: 'ACTIVE' }]);
      await expect(to.client.send(new CreateScheduleGroupCommand({ Name: group }))).rejects.toMatchObject({ name: 'ConflictException' });
      await expect(to.client.send(new DeleteScheduleGroupCommand({ Name: 'default' }))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    });

    it('answers a delete with nothing, and has the schedule no more', async () => {
      const made = await create();
      await to.client.send(new DeleteScheduleCommand(made));
      await expect(to.client.send(new GetScheduleCommand(made))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });
  });
}
