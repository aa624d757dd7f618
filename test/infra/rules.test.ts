import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import type { StageConfig } from '../../infra/stage-config.ts';
import { STAGES } from '../../infra/stages.ts';
import { appOf, bundlesOfFile, FULL } from '../support/synth.ts';

/** The rule packs of cdk-nag, and the rules that CDK has built in, on the stacks as they are deployed. */
const bundles = bundlesOfFile({ isChecked: true });

interface Report {
  readonly pluginReports: readonly { readonly pluginName: string; readonly violations?: readonly { readonly ruleName: string }[] }[];
}

/** What the packs find that is not accepted, and the error that a synthesis ends with then. */
function findings(name: string, config: StageConfig, change: (made: ReturnType<typeof appOf>) => void = () => undefined): string[] {
  const made = appOf(bundles(), name, config);
  made.jobs.addDashboard();
  change(made);
  Validations.of(made.app).addPlugins(new AwsSolutionsChecks(made.app), new ServerlessChecks(made.app));
  try {
    made.app.synth();
  } catch (error) {
    if (!(error instanceof Error && /^ValidationFailed/.test(String(error)))) throw error;
  }
  const report: Report = JSON.parse(readFileSync(join(made.app.outdir, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ pluginName, violations = [] }) => violations.map(({ ruleName }) => `${pluginName}: ${ruleName}`));
}

it.each([...Object.entries(STAGES), ['full', FULL] as const])('stage %s: 0 findings', (name, config) => {
  expect(findings(name, config)).toEqual([]);
});

it('would find a bucket without logs, or a role that may do anything', () => {
  const found = findings('prod', STAGES.prod ?? {}, ({ stack }) => void new Bucket(stack, 'Bucket'));
  expect(found.filter((finding) => finding.startsWith('AwsSolutions: AwsSolutions-S')).length).toBeGreaterThan(0);
});

/** Every one of them is a decision, with its reason beside the construct: infra/accept.ts. */
it('seventeen findings are accepted, with a reason each', () => {
  const { app } = appOf(bundles(), 'full', FULL);
  const accepted = app.node
    .findAll()
    .flatMap((construct) => construct.node.metadata.filter(({ type }) => /acknowledge/i.test(type)).map(({ data }) => data));
  expect(accepted).toHaveLength(17);
});
