import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { TTL_ATTRIBUTE } from '../../aws/table.ts';
import { tableDefinition } from '../../aws/table-definition.ts';
import { FUNCTIONS } from '../../infra/bundle/functions.ts';
import { STAGES } from '../../infra/stages.ts';
import { bundlesOfFile, templateOf } from '../support/synth.ts';
import { type Json, list, text, texts } from '../support/template.ts';

const bundles = bundlesOfFile();
let template: Template;
beforeAll(() => {
  template = synth('dev');
});

const synth = (stage: string) => templateOf(bundles(), stage, STAGES[stage] ?? {});

const all = (type: string): [string, Json][] =>
  Object.entries(template.findResources(type)).map(([id, { Properties }]) => [id, Properties]);

/** The one resource of a type that has these properties. */
function the(type: string, properties: Json = {}): Json {
  const found = Object.values(template.findResources(type, { Properties: properties }));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} have ${JSON.stringify(properties)}`);
  return found[0]?.Properties;
}

/** Every statement of any policy, wherever in the template it stands. */
function statements(value: Json = template.toJSON()): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(value.Effect ? [value] : []), ...Object.values(value).flatMap(statements)];
}

const allowed = (found: Json[]) =>
  found.flatMap(({ Action, Resource, Condition }) =>
    list(Resource).map((resource) => {
      const conditions = Object.entries(Condition ?? {}).flatMap(([operator, test]) =>
        Object.entries(test as Json).map(([key, of]) =>
          operator === 'Null' ? ` if there is a ${key}` : ` if ${key} is ${list(of).map(text).join(' ')}`,
        ),
      );
      return `${list(Action).join(' ')} on ${text(resource)}${conditions.join('')}`;
    }),
  );

/** What the role of a function may do. */
function rightsOf(name: string): string[] {
  const [role] = list(the('AWS::Lambda::Function', { FunctionName: `carillon-dev-${name}` }).Role['Fn::GetAtt']);
  const policies = all('AWS::IAM::Policy').filter(([, { Roles }]) => Roles.some(({ Ref }: Json) => Ref === role));
  return allowed(policies.flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement));
}

describe('the roles', () => {
  const schedules = 'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/carillon-dev-jobs/*';
  const control = [
    'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem on <Table.Arn>',
    'dynamodb:Query on <Table.Arn>/index/attention',
    'dynamodb:Query on <Table.Arn>/index/list',
    'sqs:SendMessage on <RunnersDelay.Arn>',
    `scheduler:CreateSchedule scheduler:DeleteSchedule scheduler:GetSchedule scheduler:UpdateSchedule on ${schedules}`,
    'iam:PassRole on <SchedulesRole.Arn> if iam:PassedToService is scheduler.amazonaws.com',
  ];

  it('the API may keep jobs and their schedules, and write its log', () => {
    expect(rightsOf('api')).toEqual(['logs:CreateLogStream logs:PutLogEvents on <ApiLog.Arn>', ...control]);
  });

  it('the reconciler may do the same, list schedules and take what was not delivered', () => {
    expect(rightsOf('reconciler')).toEqual([
      'logs:CreateLogStream logs:PutLogEvents on <ReconcilerLog.Arn>',
      ...control,
      'scheduler:ListSchedules on *',
      'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage on <UndeliveredQueue.Arn>',
      'events:PutEvents on arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default if events:source is carillon',
    ]);
  });

  it('the runner, which runs the code of modules, may read jobs, write runs and details, and use its queues', () => {
    expect(rightsOf('runner')).toEqual([
      'logs:CreateLogStream logs:PutLogEvents on <RunnersLog.Arn>',
      'dynamodb:GetItem dynamodb:Query on <Table.Arn> if dynamodb:LeadingKeys is JOB#* SWITCH RUNS#* DETAIL#* if there is a dynamodb:LeadingKeys',
      'dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem on <Table.Arn> if dynamodb:LeadingKeys is RUNS#* DETAIL#* if there is a dynamodb:LeadingKeys',
      'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:SendMessage on <RunnersDelay.Arn>',
      'sqs:SendMessage on <UndeliveredQueue.Arn>',
      'events:PutEvents on arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default if events:source is carillon',
    ]);
    const operators = statements().flatMap(({ Condition }) => Object.keys(Condition ?? {}));
    expect(new Set(operators)).toEqual(new Set(['StringEquals', 'ForAllValues:StringLike', 'Null', 'Bool']));
  });

  it('no statement allows an action with a wildcard', () => {
    const actions = statements().flatMap(({ Effect, Action }) => (Effect === 'Allow' ? list(Action) : []));
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('the only wildcard resources are the schedules of jobs, and everything for ListSchedules', () => {
    // The Arn of a log group ends in `:*` too, which stands for its streams.
    const resources = statements().flatMap(({ Effect, Resource }) => (Effect === 'Allow' && Resource ? list(Resource).map(text) : []));
    expect(resources.filter((resource) => resource.includes('*')).sort()).toEqual(['*', schedules, schedules]);
  });

  it('no role has a managed policy, and each function has its own', () => {
    expect(all('AWS::IAM::Role').filter(([, role]) => role.ManagedPolicyArns)).toEqual([]);
    expect(template.findResources('AWS::IAM::ManagedPolicy')).toEqual({});
    expect(new Set(all('AWS::Lambda::Function').map(([, { Role }]) => text(Role))).size).toBe(FUNCTIONS.length);
  });

  it.each([
    { group: 'SchedulesGroup', role: '<SchedulesRole.Arn>', invokes: '<RunnersLive>', putsAside: ['<UndeliveredQueue.Arn>'] },
    { group: 'ReconcilerSchedulesGroup', role: '<ReconcilerSchedulesRole.Arn>', invokes: '<ReconcilerFunction.Arn>', putsAside: [] },
  ])('only schedules of $group may take its role, which may invoke only $invokes', ({ group, role, invokes, putsAside }) => {
    const [, properties] = all('AWS::IAM::Role').find(([id]) => text({ 'Fn::GetAtt': [id, 'Arn'] }) === role) ?? [];
    const [trust] = properties.AssumeRolePolicyDocument.Statement;
    expect(properties.AssumeRolePolicyDocument.Statement).toHaveLength(1);
    expect(trust).toMatchObject({ Action: 'sts:AssumeRole', Principal: { Service: 'scheduler.amazonaws.com' } });
    const source = { 'aws:SourceAccount': '<AWS::AccountId>', 'aws:SourceArn': `<${group}.Arn>` };
    expect(texts(trust.Condition.StringEquals)).toEqual(source);
    expect(allowed(properties.Policies.flatMap(({ PolicyDocument }: Json) => PolicyDocument.Statement))).toEqual([
      `lambda:InvokeFunction on ${invokes}`,
      ...putsAside.map((queue) => `sqs:SendMessage on ${queue}`),
    ]);
  });
});

describe('the API', () => {
  it('every route needs IAM', () => {
    const routes = all('AWS::ApiGatewayV2::Route').map(([, { RouteKey, AuthorizationType }]) => [RouteKey, AuthorizationType]);
    expect(routes).toEqual([['ANY /{proxy+}', 'AWS_IAM']]);
  });

  it('is throttled and writes an access log that expires', () => {
    const stage = the('AWS::ApiGatewayV2::Stage');
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    expect(text(stage.AccessLogSettings.DestinationArn)).toBe('<ApiAccessLog.Arn>');
    expect(the('AWS::Logs::LogGroup', { LogGroupName: '/aws/vendedlogs/apis/carillon-dev-api' }).RetentionInDays).toBe(7);
    expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({ caller: '$context.identity.userArn', status: '$context.status' });
  });

  it('speaks payload 2.0, and nobody else may invoke its function', () => {
    expect(the('AWS::ApiGatewayV2::Integration')).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    const permission = the('AWS::Lambda::Permission');
    expect(permission.Principal).toBe('apigateway.amazonaws.com');
    expect(text(permission.SourceArn)).toBe('arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ApiHttp>/*/*/{proxy+}');
  });
});

describe('the functions', () => {
  it.each([
    { name: 'api', limits: { MemorySize: 512, Timeout: 29 } },
    { name: 'runner', limits: { MemorySize: 512, Timeout: 900 } },
    { name: 'reconciler', limits: { MemorySize: 512, Timeout: 900 } },
  ])('$name runs its bundle on Node 24 and ARM, within the limits that it has on a laptop', ({ name, limits }) => {
    expect(the('AWS::Lambda::Function', { FunctionName: `carillon-dev-${name}` })).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      ...limits,
    });
  });

  it.each(FUNCTIONS)('%s has a log of its own, which expires', (name) => {
    const { LoggingConfig } = the('AWS::Lambda::Function', { FunctionName: `carillon-dev-${name}` });
    const [, log] = all('AWS::Logs::LogGroup').find(([id]) => id === LoggingConfig.LogGroup.Ref) ?? [];
    expect(log).toEqual({ LogGroupName: `/aws/lambda/carillon-dev-${name}`, RetentionInDays: 7 });
  });

  it('each is given the variables that it reads, and the runner none of the scheduler', () => {
    const variables = (name: string) => texts(the('AWS::Lambda::Function', { FunctionName: `carillon-dev-${name}` }).Environment.Variables);
    const runner = { CARILLON_STAGE: 'dev', CARILLON_TABLE: '<Table>', CARILLON_QUEUE_URL: '<RunnersDelay>' };
    expect(variables('runner')).toEqual({ ...runner, CARILLON_EVENTS: 'on' });
    for (const name of ['api', 'reconciler']) {
      expect(variables(name)).toEqual({
        ...runner,
        ...(name === 'reconciler' && { CARILLON_EVENTS: 'on' }),
        CARILLON_SCHEDULE_GROUP: 'carillon-dev-jobs',
        CARILLON_RUNNER_ARN: '<RunnersLive>',
        CARILLON_SCHEDULER_ROLE_ARN: '<SchedulesRole.Arn>',
        CARILLON_UNDELIVERED_ARN: '<UndeliveredQueue.Arn>',
      });
    }
  });
});

describe('the runner', () => {
  it('has an alias on its newest version, and versions stay', () => {
    const alias = the('AWS::Lambda::Alias');
    expect(alias.Name).toBe('live');
    const versions = Object.entries(template.findResources('AWS::Lambda::Version'));
    expect(versions.map(([id, { DeletionPolicy }]) => [id, DeletionPolicy])).toEqual([[alias.FunctionVersion['Fn::GetAtt'][0], 'Retain']]);
  });

  it('a tick is tried once, for an hour, and put aside when it came to nothing', () => {
    const config = all('AWS::Lambda::EventInvokeConfig').find(([, { Qualifier }]) => Qualifier !== '$LATEST')?.[1];
    expect(JSON.stringify(config.Qualifier)).toContain('RunnersLive');
    expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 3600 });
    expect(text(config.DestinationConfig.OnFailure.Destination)).toBe('<UndeliveredQueue.Arn>');
  });

  it('takes messages one by one through its alias', () => {
    const mapping = the('AWS::Lambda::EventSourceMapping', { BatchSize: 1 });
    expect(mapping).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mapping.ScalingConfig).toEqual({ MaximumConcurrency: 50 });
    expect(text(mapping.EventSourceArn)).toBe('<RunnersDelay.Arn>');
    expect(JSON.stringify(mapping.FunctionName)).toMatch(/RunnersLive.*:live/);
  });

  it('a message is invisible for longer than its run can take, and goes to the reconciler after five deliveries', () => {
    const { Timeout } = the('AWS::Lambda::Function', { FunctionName: 'carillon-dev-runner' });
    const delay = the('AWS::SQS::Queue', { QueueName: 'carillon-dev-runner' });
    expect(delay.VisibilityTimeout).toBe(Timeout + 120);
    expect(delay.RedrivePolicy.maxReceiveCount).toBe(5);
    expect(text(delay.RedrivePolicy.deadLetterTargetArn)).toBe('<UndeliveredQueue.Arn>');
    const undelivered = the('AWS::SQS::Queue', { QueueName: 'carillon-dev-undelivered' });
    expect(text(undelivered.RedrivePolicy.deadLetterTargetArn)).toBe('<UndeliveredDeadLetters.Arn>');
    const mapping = the('AWS::Lambda::EventSourceMapping', { BatchSize: 10 });
    expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    expect([text(mapping.EventSourceArn), text(mapping.FunctionName)]).toEqual(['<UndeliveredQueue.Arn>', '<ReconcilerFunction>']);
  });

  it('every queue is encrypted and refuses what is not', () => {
    const queues = all('AWS::SQS::Queue');
    expect(queues.map(([, { SqsManagedSseEnabled }]) => SqsManagedSseEnabled)).toEqual([true, true, true]);
    const refusing = all('AWS::SQS::QueuePolicy').filter(([, { PolicyDocument }]) =>
      PolicyDocument.Statement.some((s: Json) => s.Effect === 'Deny' && s.Condition.Bool['aws:SecureTransport'] === 'false'),
    );
    expect(refusing.flatMap(([, { Queues }]) => Queues.map(({ Ref }: Json) => Ref)).sort()).toEqual(queues.map(([id]) => id).sort());
  });
});

describe('the table', () => {
  it('has the keys and indexes that the adapters use', () => {
    const { TableName: _, ...definition } = tableDefinition('carillon');
    const table = the('AWS::DynamoDB::Table');
    expect(table).toMatchObject(definition);
    expect(table.TimeToLiveSpecification).toEqual({ AttributeName: TTL_ATTRIBUTE, Enabled: true });
  });

  it('can be restored to any point in time', () => {
    expect(the('AWS::DynamoDB::Table').PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  it('goes with its stack in stage dev and outlives it in any other, as the logs do', () => {
    const kept = (of: Template) => {
      const table = Object.values(of.findResources('AWS::DynamoDB::Table'))[0] as Json;
      const logs = Object.values(of.findResources('AWS::Logs::LogGroup')).map(({ DeletionPolicy }) => DeletionPolicy);
      return [table.Properties.DeletionProtectionEnabled, table.DeletionPolicy, ...new Set(logs)];
    };
    expect(kept(template)).toEqual([false, 'Delete', 'Delete']);
    expect(kept(synth('prod'))).toEqual([true, 'Retain', 'Retain']);
  });
});

describe('the reconciler', () => {
  it('makes a pass every five minutes, in a group that jobs have no part in', () => {
    const schedules = all('AWS::Scheduler::Schedule').map(([, { ScheduleExpression, GroupName, Target }]) => ({
      when: ScheduleExpression,
      group: GroupName,
      input: JSON.parse(Target.Input),
      target: text(Target.Arn),
      role: text(Target.RoleArn),
    }));
    const same = { group: 'carillon-dev-system', target: '<ReconcilerFunction.Arn>', role: '<ReconcilerSchedulesRole.Arn>' };
    expect(schedules).toEqual([{ when: 'cron(3/5 * * * ? *)', input: {}, ...same }]);
    expect(all('AWS::Scheduler::ScheduleGroup').map(([, { Name }]) => Name)).toEqual(['carillon-dev-jobs', 'carillon-dev-system']);
  });
});

describe('a stage', () => {
  it.each(['', 'Prod', '1st', 'a_b', 'x'.repeat(21)])('"%s" is refused, saying what would do', (name) => {
    expect(() => synth(name)).toThrow(/up to 20 lower-case letters/);
  });
});
