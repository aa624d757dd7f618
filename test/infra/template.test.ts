import { rmSync } from 'node:fs';
import { Duration, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { JobScheduler } from '../../infra/job-scheduler.ts';
import { stageProps } from '../../infra/stage-config.ts';
import { STAGES } from '../../infra/stages.ts';
import { appOf, bundlesOfFile, emptyBundles, FULL, templateOf } from '../support/synth.ts';
import { type Json, list } from '../support/template.ts';

const bundles = bundlesOfFile();

const stages = { ...STAGES, full: FULL };

/** To be read in a review: what a change would do to an account. `npx vitest run test/infra -u` writes them anew. */
it.each(Object.entries(stages))('the template of stage %s is the one in snapshots/', async (name, config) => {
  await expect(`${JSON.stringify(templateOf(bundles(), name, config).toJSON(), null, 1)}\n`).toMatchFileSnapshot(`snapshots/${name}.txt`);
});

it('is the same, byte for byte, when it is made again', () => {
  const text = () => JSON.stringify(templateOf(bundles(), 'full', FULL).toJSON());
  expect(text()).toBe(text());
});

/** Every statement of any policy in a template, of roles, queues, topics and keys, and the resource that it is of. */
function statements(template: Template): string[] {
  const found: string[] = [];
  const walk = (value: Json, resource: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (value.Effect) found.push(`${resource}: ${JSON.stringify(value)}`);
    else for (const member of Object.values(value)) walk(member as Json, resource);
  };
  for (const [id, { Properties }] of Object.entries(template.toJSON().Resources as Record<string, Json>)) walk(Properties, id);
  return found.sort();
}

it('allows what snapshots/permissions.txt says, statement by statement', async () => {
  await expect(`${statements(templateOf(bundles(), 'full', FULL)).join('\n')}\n`).toMatchFileSnapshot('snapshots/permissions.txt');
});

it('allows nothing with a wildcard but the schedules of jobs, ListSchedules, and the key its own policy', () => {
  const wild = statements(templateOf(bundles(), 'full', FULL))
    .map((line) => [line.slice(0, line.indexOf(':')), JSON.parse(line.slice(line.indexOf(':') + 2))] as const)
    .filter(([, { Effect }]) => Effect === 'Allow')
    .flatMap(([id, { Action, Resource }]) => {
      const wildActions = list(Action).filter((action) => action.includes('*'));
      const wildResources = list(Resource ?? []).flatMap((resource) =>
        /\*/.test(JSON.stringify(resource)) ? [JSON.stringify(resource)] : [],
      );
      return [...wildActions, ...wildResources].map((what) => `${id.replace(/[0-9A-F]{8}$/, '')} ${what}`);
    });
  expect(wild.sort()).toMatchInlineSnapshot(`
    [
      "JobSchedulerApiRoleDefaultPolicy {"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":scheduler:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":schedule/carillon-full-jobs/*"]]}",
      "JobSchedulerKey "*"",
      "JobSchedulerKey "*"",
      "JobSchedulerKey "*"",
      "JobSchedulerKey kms:*",
      "JobSchedulerKey kms:GenerateDataKey*",
      "JobSchedulerReconcilerRoleDefaultPolicy "*"",
      "JobSchedulerReconcilerRoleDefaultPolicy {"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":scheduler:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":schedule/carillon-full-jobs/*"]]}",
    ]
  `);
});

it.each([
  [{ logRetentionDays: 8 }, /logRetentionDays/],
  [{ runner: { memorySize: 64 } }, /128/],
  [{ jwt: { issuer: 'http://login.example.com', audience: ['x'] } }, /issuer/],
  [{ alarms: { topic: 'x' } }, /topic/],
  [{ alarms: {} }, /nobody hears them/],
  [{ alarms: { topicArn: 'arn:aws:sns:' } }, /topicArn/],
  [{ alarms: { email: 'alarms@example.com' } }, /an address of your own/],
  [{ customerKey: 'alias/mine' }, /customerKey/],
] as const)('a stage that says %j is refused by name', (config, reason) => {
  expect(() => stageProps({ qa: config as never }, 'qa')).toThrow(reason);
  expect(() => stageProps({ qa: config as never }, 'qa')).toThrow('stage "qa" in infra/stages.ts');
});

it('a stage that is not configured is refused, with those that are', () => {
  expect(() => stageProps(STAGES, 'porduction')).toThrow('stage "porduction" is not in infra/stages.ts, which has dev, prod; add it there');
  expect(() => stageProps(STAGES, 'constructor')).toThrow('is not in infra/stages.ts');
});

it('a module whose runner class the stage has not is refused by name, and one that it has is not', () => {
  const classes = emptyBundles({ report: { runner: 'heavy', timeout: '5m' } });
  expect(() => templateOf(classes, 'qa', {})).toThrow(
    'jobs/report/index.ts names the runner "heavy"; the stage has default. Add it under `runners`',
  );
  expect(() => templateOf(classes, 'qa', { runners: { heavy: {} } })).not.toThrow();
  expect(() => templateOf(classes, 'qa', { runners: { heavy: { timeoutMinutes: 5 } } })).toThrow('its timeout 5m is more than');
  expect(() => templateOf(classes, 'qa', { runners: { heavy: { timeoutMinutes: 6 } } })).not.toThrow();
  expect(() => templateOf(classes, 'qa', { runners: { heavy: {}, default: {} } })).toThrow('said under `runner`');
  expect(() => templateOf(classes, 'qa', { runners: { 'Heavy One': {} } })).toThrow('a runner class has 1 to 20 of the characters');
  rmSync(classes, { recursive: true });
});

it('what would not work is refused where it is said, by the construct as well', () => {
  const { stack, jobs } = appOf(bundles(), 'qa', {});
  const scheduler = (more: object) => () => new JobScheduler(new Stack(), 'Jobs', { stage: 'qa', bundles: bundles(), ...more });
  expect(scheduler({ runner: { timeout: Duration.seconds(90) } })).toThrow('runner "default": timeout 90 s; from 2 to 15 minutes');
  expect(scheduler({ bundles: 'nowhere' })).toThrow('bundles "nowhere": there are no built functions');
  expect(scheduler({ stage: 'qa-runner' })).toThrow('without "-runner"');
  expect(() => jobs.addAlarms({})).toThrow('nobody hears them');
  expect(() => jobs.addAlarms({ email: 'ops@carillon.test' })).not.toThrow();
  expect(stack.node.tryFindChild('JobScheduler')).toBe(jobs);
});

it('takes a key that is there', () => {
  const arn = 'arn:aws:kms:eu-central-1:123456789012:key/0f5a';
  const template = templateOf(bundles(), 'qa', { customerKey: arn });
  template.resourceCountIs('AWS::KMS::Key', 0);
  template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn } });
});

it('more messages at once than the concurrency that is reserved are refused', () => {
  expect(() => templateOf(bundles(), 'qa', { runner: { reservedConcurrency: 10, maxConcurrency: 20 } })).toThrow(
    'above reservedConcurrency 10',
  );
});
