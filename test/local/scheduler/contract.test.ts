import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll } from 'vitest';
import { type RunningScheduler, startScheduler } from '../../../local/scheduler/index.ts';
import { schedulerContract } from '../../contracts/scheduler.contract.ts';

const { AWS, AWS_ROLE_ARN = '', AWS_FUNCTION_ARN = '' } = process.env;

let local: RunningScheduler | undefined;
afterAll(() => local?.stop());

schedulerContract('the emulator', async () => {
  local = await startScheduler();
  const region = 'eu-central-1';
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return {
    client: new SchedulerClient({ endpoint: local.url, region, credentials, maxAttempts: 1 }),
    region,
    roleArn: 'arn:aws:iam::123456789012:role/scheduler',
    functionArn: `arn:aws:lambda:${region}:123456789012:function:f`,
  };
});

if (AWS === '1') {
  schedulerContract('EventBridge Scheduler itself', async () => {
    const client = new SchedulerClient({});
    return { client, region: await client.config.region(), roleArn: AWS_ROLE_ARN, functionArn: AWS_FUNCTION_ARN };
  });
} else {
  console.log('not run against AWS: AWS=1 AWS_ROLE_ARN=… AWS_FUNCTION_ARN=… npx vitest run test/local/scheduler/contract.test.ts');
}
