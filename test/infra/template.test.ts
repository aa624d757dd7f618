import { rmSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { stageProps } from '../../infra/stage-config.ts';
import { STAGES } from '../../infra/stages.ts';
import { bundlesOfFile, emptyBundles, FULL, templateOf } from '../support/synth.ts';
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
      "JobSchedulerKey kms:*",
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

it('more messages at once than the concurrency that is reserved are refused', () => {
  expect(() => templateOf(bundles(), 'qa', { runner: { reservedConcurrency: 10, maxConcurrency: 20 } })).toThrow(
    'above reservedConcurrency 10',
  );
});
