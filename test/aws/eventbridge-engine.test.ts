import {
  ConflictException,
  CreateScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { eventBridgeEngine } from '../../aws/eventbridge-engine.ts';
import type { JobId, JobUid, ModuleName } from '../../core/ids.ts';
import type { EngineSchedule } from '../../core/ports.ts';
import { close, listen } from '../../local/loopback.ts';
import { type Scheduler, scheduler } from '../../local/scheduler/server.ts';
import { machineTime } from '../../local/time.ts';
import { engineContract } from '../contracts/engine.contract.ts';
import { lambdaOnly } from '../support/lambda-only.ts';

const settings = {
  groupName: 'jobs',
  runnerArnOf: () => 'arn:aws:lambda:us-east-1:000000000000:function:runner:live',
  roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  undeliveredArn: 'arn:aws:sqs:us-east-1:000000000000:undelivered',
};
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

const running: Scheduler[] = [];
engineContract('EventBridge Scheduler', async () => {
  const local = scheduler({
    region: 'us-east-1',
    account: '000000000000',
    groups: ['jobs'],
    targets: lambdaOnly(() => undefined),
    time: { after: (ms, wake) => machineTime.after(ms, wake), now: () => Date.parse('2027-01-01T00:00:00Z') },
  });
  running.push(local);
  const port = await listen(local.server);
  return eventBridgeEngine(new SchedulerClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials }), settings);
});
afterAll(async () => {
  for (const local of running) {
    local.stop();
    await close(local.server);
  }
});

describe('what is sent to EventBridge Scheduler', () => {
  const sdk = new SchedulerClient({ region: 'us-east-1', credentials });
  const mock = mockClient(sdk);
  const engine = eventBridgeEngine(sdk, settings);
  const schedule: EngineSchedule = {
    name: 'job.uid',
    module: 'noop' as ModuleName,
    expression: 'rate(5 minutes)',
    timezone: 'UTC',
    enabled: true,
    start: Date.parse('2027-01-01T00:05:00Z'),
    end: Date.parse('2027-02-01T00:00:00Z'),
    payload: { jobId: 'job' as JobId, jobUid: 'uid' as JobUid, timing: 1 },
    deleteAfterCompletion: false,
  };
  const about = { message: '', $metadata: {}, Message: '' };
  beforeEach(() => mock.reset());

  it('is the whole schedule, with ids and the nominal instant as the only payload', async () => {
    await engine.put(schedule);
    const { Target, ...rest } = mock.commandCalls(CreateScheduleCommand)[0]?.args[0].input ?? {};
    expect(rest).toEqual({
      Name: 'job.uid',
      GroupName: 'jobs',
      ScheduleExpression: 'rate(5 minutes)',
      ScheduleExpressionTimezone: 'UTC',
      StartDate: new Date('2027-01-01T00:05:00Z'),
      EndDate: new Date('2027-02-01T00:00:00Z'),
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'NONE',
    });
    expect(Target).toMatchObject({
      Arn: settings.runnerArnOf(),
      RoleArn: settings.roleArn,
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 },
    });
    expect(JSON.parse(Target?.Input ?? '')).toEqual({ jobId: 'job', jobUid: 'uid', timing: 1, dueAt: '<aws.scheduler.scheduled-time>' });
  });

  it('takes a conflict on create for a lost answer, and gives the whole schedule again', async () => {
    mock.on(CreateScheduleCommand).rejects(new ConflictException(about));
    expect(await engine.put(schedule)).toEqual({ is: 'done' });
    expect(mock.commandCalls(UpdateScheduleCommand)[0]?.args[0].input).toEqual(mock.commandCalls(CreateScheduleCommand)[0]?.args[0].input);
  });

  it('updates a changed timing first, and creates what is gone', async () => {
    mock.on(UpdateScheduleCommand).rejects(new ResourceNotFoundException(about));
    expect(await engine.put({ ...schedule, payload: { ...schedule.payload, timing: 2 } })).toEqual({ is: 'done' });
    expect(mock.calls().map(({ args }) => args[0].constructor)).toEqual([UpdateScheduleCommand, CreateScheduleCommand]);
  });

  it.each([
    [
      'a refusal of the schedule',
      new ValidationException({ ...about, message: 'Invalid Schedule Expression rate(5 minutes).' }),
      'rejected',
    ],
    [
      'a role that is minutes old',
      new ValidationException({
        ...about,
        message: 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
      }),
      'retry',
    ],
    ['throttling', Object.assign(new Error('slow down'), { name: 'ThrottlingException' }), 'retry'],
    ['a full quota', Object.assign(new Error('10,000,000'), { name: 'ServiceQuotaExceededException' }), 'retry'],
    ['a role that may not be passed', Object.assign(new Error('iam:PassRole'), { name: 'AccessDeniedException' }), 'retry'],
    ['a lost connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'retry'],
  ])('%s', async (_, error, is) => {
    mock.onAnyCommand().rejects(error);
    expect(await engine.put(schedule)).toEqual({ is, reason: `${error.name}: ${error.message}` });
  });
});
