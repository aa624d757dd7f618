import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Environment } from '../aws/environment.ts';
import type { JobTable } from './job-table.ts';
import type { Runner } from './runner.ts';
import type { ScheduleGroup } from './schedule-group.ts';

/** What creating, changing and deleting jobs takes. */
export interface JobControl {
  readonly table: JobTable;
  readonly runner: Runner;
  readonly schedules: ScheduleGroup;
}

/** Gives a function the variables and permissions that the ports of aws/control-ports.ts need. */
export function grantJobControl(grantee: LambdaFunction, { table, runner, schedules }: JobControl): void {
  const environment: Omit<Environment, `CARILLON_${'STAGE' | 'EVENTS' | 'MODULE_METRICS'}`> = {
    CARILLON_TABLE: table.name,
    CARILLON_SCHEDULE_GROUP: schedules.name,
    CARILLON_RUNNER_ARN: runner.alias.functionArn,
    CARILLON_SCHEDULER_ROLE_ARN: schedules.role.roleArn,
    CARILLON_QUEUE_URL: runner.queues.delay.queueUrl,
    CARILLON_UNDELIVERED_ARN: runner.queues.undelivered.queueArn,
  };
  for (const [name, value] of Object.entries(environment)) grantee.addEnvironment(name, value);
  table.grantAll(grantee);
  runner.queues.grantSend(grantee);
  schedules.grantControl(grantee);
}
