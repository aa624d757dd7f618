import { fileURLToPath } from 'node:url';
import { App, CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import { bundleApart } from './bundle/index.ts';
import { JobScheduler } from './job-scheduler.ts';
import { stagePropsOrEnd } from './stage-config.ts';
import { STAGES } from './stages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// CDK's rules for CloudFormation take as long as all the rest of a synth; CI and `npm run deploy` ask for them.
const app = new App({ builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true' });
const props = stagePropsOrEnd(STAGES, app.node.tryGetContext('stage') ?? 'dev');
const bundles = await bundleApart(root);
const stack = new Stack(app, `carillon-${props.stage}`, {
  description: 'Carillon, a job scheduler',
  // The CLI looks at the version of the bootstrap itself; the template stays plain.
  synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
});
const jobs = new JobScheduler(stack, 'JobScheduler', { ...props, bundles: bundles.folder });
jobs.addDashboard();
// What is deployed was copied to cdk.out.
await bundles.remove();

// What modules need of the account is given to the runner, here:
// jobs.runner.addEnvironment('SMTP_URL', 'smtps://mail.example.com');
// bucket.grantRead(jobs.runner);

new CfnOutput(stack, 'ApiUrl', { value: jobs.apiUrl });
new CfnOutput(stack, 'TableName', { value: jobs.table.tableName });
new CfnOutput(stack, 'RunnerArn', { value: jobs.runnerArn });
new CfnOutput(stack, 'ScheduleGroup', { value: jobs.scheduleGroup });
new CfnOutput(stack, 'QueueUrl', { value: jobs.queue.queueUrl });
