import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledFunction, LOG_RETENTION } from './bundled-function.ts';
import { grantJobControl, type JobControl } from './job-control.ts';
import type { DeploymentStage } from './stage.ts';

const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

export interface ApiProps {
  readonly stage: DeploymentStage;
  readonly bundles: string;
  readonly control: JobControl;
}

/** The HTTP API: whoever calls it signs with IAM credentials. */
export class Api extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { stage, bundles, control }: ApiProps) {
    super(scope, id);
    // API Gateway gives up after 30 s; the function ends first, so that its own log says what took so long.
    const handler = bundledFunction(this, { stage, name: 'api', bundles, timeout: Duration.seconds(29), memorySize: 512 });
    grantJobControl(handler, control);

    const httpApi = new HttpApi(this, 'Http', {
      apiName: stage.nameOf('api'),
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    httpApi.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Handler', handler),
    });
    // API Gateway may write to groups with this prefix without a resource policy, of which an account has only ten.
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/vendedlogs/apis/${stage.nameOf('api')}`,
      retention: LOG_RETENTION,
      removalPolicy: stage.removalPolicy,
    });
    const httpStage = new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = httpStage.url;
  }
}
