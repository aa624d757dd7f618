import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { appOf, bundlesOfFile } from '../support/synth.ts';

const bundles = bundlesOfFile();

describe('a further class of runners', () => {
  it('has a function, a queue and a role of its own; the schedules may invoke it, and what one is given the other has not', () => {
    const { stack, jobs } = appOf(bundles(), 'dev', { runners: { heavy: { memorySize: 3_008, timeoutMinutes: 5 } } });
    jobs.runnerOf('heavy').addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/one'] }));
    expect(() => jobs.runnerOf('light')).toThrow('the stage has default, heavy');
    const heavy = Template.fromStack(stack);
    const functions = Object.values(heavy.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
    const [own] = functions.filter(({ FunctionName }) => FunctionName === 'carillon-dev-runner-heavy');
    expect(own).toMatchObject({ MemorySize: 3_008, Timeout: 300, Environment: { Variables: { CARILLON_RUNNER_CLASS: 'heavy' } } });
    const queues = Object.values(heavy.findResources('AWS::SQS::Queue')).map(({ Properties }) => Properties);
    expect(queues.find(({ QueueName }) => QueueName === 'carillon-dev-runner-heavy').VisibilityTimeout).toBe(420);
    const policies = Object.values(heavy.findResources('AWS::IAM::Policy')).map((policy) => JSON.stringify(policy));
    expect(policies.filter((policy) => policy.includes('s3:GetObject'))).toHaveLength(1);
    const roles = Object.values(heavy.findResources('AWS::IAM::Role')).map((role) => JSON.stringify(role.Properties.Policies ?? ''));
    expect(roles.filter((role) => role.includes('heavyLive') && role.includes('lambda:InvokeFunction'))).toHaveLength(1);
    for (const name of ['api', 'reconciler']) {
      const { Variables } = functions.find(({ FunctionName }) => FunctionName === `carillon-dev-${name}`).Environment;
      expect(JSON.stringify(Variables.CARILLON_RUNNERS)).toMatch(/heavy.*arn.*queueUrl/);
    }
  });
});
