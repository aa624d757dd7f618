import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OTHER_METRICS, PASS_METRICS, PASSES, RUN_METRICS } from '../../core/contract/telemetry.ts';
import { bundlesOfFile, FULL, templateOf } from '../support/synth.ts';

const bundles = bundlesOfFile();
const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

it('every alarm names a runbook that is there, and is in the table of docs/operations.md', () => {
  const alarms = Object.values(templateOf(bundles(), 'full', FULL).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  expect(alarms).toHaveLength(15);
  for (const { AlarmName, AlarmDescription } of alarms) {
    expect(text).toContain(`\`${AlarmName.replace('carillon-full-', '').replace('-heavy', '')}\``);
    expect(text).toContain(`\n## ${/See "(.*)"/.exec(AlarmDescription)?.[1]}\n`);
  }
});

it('every metric is named', () => {
  for (const name of [...Object.values(RUN_METRICS), ...Object.values(OTHER_METRICS), PASSES, ...Object.values(PASS_METRICS)])
    expect(text).toContain(`\`${name}\``);
});
