import { checkName } from '../constraints.ts';
import type { Operation } from './operation.ts';

const DEFAULT_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

/** GET /schedules/{Name}: members that were never given are absent, but for those with a default. */
export const getSchedule: Operation = ({ store }, { name: received, query }) => {
  const { request, ...stored } = store.get(query.get('groupName') ?? 'default', checkName('name', received));
  const { ClientToken: _, ...shown } = request;
  return {
    ...shown,
    Arn: stored.arn,
    Name: stored.name,
    GroupName: stored.group,
    ScheduleExpressionTimezone: request.ScheduleExpressionTimezone ?? 'UTC',
    State: request.State ?? 'ENABLED',
    ActionAfterCompletion: request.ActionAfterCompletion ?? 'NONE',
    Target: { ...request.Target, RetryPolicy: { ...DEFAULT_RETRY, ...request.Target.RetryPolicy } },
    CreationDate: stored.createdAt / 1000,
    LastModificationDate: stored.modifiedAt / 1000,
  };
};
