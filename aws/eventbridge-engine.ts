import { isDeepStrictEqual } from 'node:util';
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import type { ModuleName } from '../core/ids.ts';
import type { Engine, EngineOutcome, EngineSchedule } from '../core/ports.ts';

export interface EngineSettings {
  readonly groupName: string;
  /** What the schedules of a module's jobs invoke. */
  readonly runnerArnOf: (module: ModuleName) => string;
  readonly roleArn: string;
  /** The queue for ticks that EventBridge cannot hand over. */
  readonly undeliveredArn: string;
}

/** How long EventBridge keeps trying to hand a tick to Lambda; later ones are found missing by us. */
const RETRY = { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 };

/** Keeps the time with EventBridge Scheduler, one schedule a job. */
export function eventBridgeEngine(client: SchedulerClient, settings: EngineSettings): Engine {
  const create = (input: CreateScheduleCommandInput) => client.send(new CreateScheduleCommand(input));
  // UpdateSchedule sets every member that is left out back to its default, so it is always given the whole schedule.
  const update = (input: CreateScheduleCommandInput) => client.send(new UpdateScheduleCommand(input));

  return {
    put(schedule) {
      const input = toInput(schedule, settings);
      const isNew = schedule.payload.timing === 1;
      return outcomeOf(async () => {
        try {
          await (isNew ? create(input) : update(input));
        } catch (error) {
          // A conflict on create is also what our own lost answer, retried, looks like.
          if (isNew && error instanceof ConflictException) await update(input);
          else if (!isNew && error instanceof ResourceNotFoundException) await create(input);
          else throw error;
        }
      });
    },

    remove(name) {
      return outcomeOf(async () => {
        try {
          await client.send(new DeleteScheduleCommand({ Name: name, GroupName: settings.groupName }));
        } catch (error) {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        }
      });
    },

    async compare(schedule) {
      const wanted = toInput(schedule, settings);
      try {
        const held = await client.send(new GetScheduleCommand({ Name: schedule.name, GroupName: settings.groupName }));
        return isDeepStrictEqual(comparable(held), comparable(wanted)) ? 'same' : 'differs';
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return 'absent';
        throw error;
      }
    },

    async list(prefix, token) {
      const { Schedules = [], NextToken } = await client.send(
        new ListSchedulesCommand({
          GroupName: settings.groupName,
          MaxResults: 100,
          ...(prefix !== '' && { NamePrefix: prefix }),
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      const schedules = Schedules.map(({ Name = '', State, CreationDate, LastModificationDate, Target }) => ({
        name: Name,
        enabled: State === 'ENABLED',
        invokesRunnerOf: (module: ModuleName) => Target?.Arn === settings.runnerArnOf(module),
        createdAt: CreationDate?.getTime() ?? 0,
        modifiedAt: LastModificationDate?.getTime() ?? 0,
      }));
      return { schedules, next: NextToken };
    },
  };
}

/** The members that we set, those of the target included, as AWS gives them back. */
function comparable(schedule: Partial<CreateScheduleCommandInput>) {
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate, State, FlexibleTimeWindow, ActionAfterCompletion } = schedule;
  const { Arn, RoleArn, Input, RetryPolicy, DeadLetterConfig } = schedule.Target ?? {};
  const timing = [ScheduleExpression, ScheduleExpressionTimezone, StartDate?.getTime(), EndDate?.getTime(), State];
  const retry = [RetryPolicy?.MaximumEventAgeInSeconds, RetryPolicy?.MaximumRetryAttempts, DeadLetterConfig?.Arn];
  return [...timing, FlexibleTimeWindow?.Mode, ActionAfterCompletion, Arn, RoleArn, Input, ...retry];
}

function toInput(
  schedule: EngineSchedule,
  { groupName, runnerArnOf, roleArn, undeliveredArn }: EngineSettings,
): CreateScheduleCommandInput {
  return {
    Name: schedule.name,
    GroupName: groupName,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    ...(schedule.start !== null && { StartDate: new Date(schedule.start) }),
    ...(schedule.end !== null && { EndDate: new Date(schedule.end) }),
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: schedule.deleteAfterCompletion ? 'DELETE' : 'NONE',
    Target: {
      Arn: runnerArnOf(schedule.module),
      RoleArn: roleArn,
      // Only ids: Input is a template in which EventBridge puts the nominal instant. No user's text is ever in it.
      Input: JSON.stringify({ ...schedule.payload, dueAt: '<aws.scheduler.scheduled-time>' }),
      RetryPolicy: RETRY,
      DeadLetterConfig: { Arn: undeliveredArn },
    },
  };
}

/** Everything but a refusal of the schedule itself may pass: throttling, quotas, roles that are minutes old, outages. */
async function outcomeOf(call: () => Promise<unknown>): Promise<EngineOutcome> {
  try {
    await call();
    return { is: 'done' };
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const isFinal = error instanceof ValidationException && !/assume the role/.test(error.message);
    return { is: isFinal ? 'rejected' : 'retry', reason };
  }
}
