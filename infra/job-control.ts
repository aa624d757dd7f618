import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { JobTable } from './job-table.ts';
import type { Runners } from './runners.ts';
import type { ScheduleGroup } from './schedule-group.ts';
import type { Undelivered } from './undelivered.ts';

/** What creating, changing and deleting jobs takes. */
export interface JobControl {
  readonly table: JobTable;
  readonly runners: Runners;
  readonly undelivered: Undelivered;
  readonly schedules: ScheduleGroup;
}

/** Gives a function the variables and permissions that the ports of aws/control-ports.ts need. */
export function grantJobControl(grantee: LambdaFunction, { table, runners, undelivered, schedules }: JobControl): void {
  const environment = {
    CARILLON_TABLE: table.name,
    CARILLON_SCHEDULE_GROUP: schedules.name,
    CARILLON_SCHEDULER_ROLE_ARN: schedules.role.roleArn,
    CARILLON_UNDELIVERED_ARN: undelivered.queue.queueArn,
  };
  for (const [name, value] of Object.entries(environment)) grantee.addEnvironment(name, value);
  table.grantAll(grantee);
  runners.grantName(grantee);
  schedules.grantControl(grantee);
}
