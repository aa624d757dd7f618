import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { ApiMapping, DomainName, HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { bundledFunction } from './bundled-function.ts';
import { grantJobControl, type JobControl } from './job-control.ts';
import { logGroup } from './log-group.ts';
import type { DeploymentStage } from './stage.ts';

const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.userArn',
  subject: '$context.authorizer.claims.sub',
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
  readonly access?: ApiAccess | undefined;
}

/** Who may call the API, how often, and by which name. */
export interface ApiAccess {
  /** @default 50 a second, bursts of 100 */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number } | undefined;
  /** JSON web tokens of an issuer. @default IAM */
  readonly jwt?: { readonly issuer: string; readonly audience: readonly string[] } | undefined;
  /**
   * A name of your own, for which you make the DNS record; with `isOnly`, to be set when that works, the name that API Gateway gave
   * is closed, and tools go to yours.
   */
  readonly domain?: { readonly name: string; readonly certificateArn: string; readonly isOnly?: boolean | undefined } | undefined;
}

/** The HTTP API: whoever calls it signs with IAM credentials, or brings a token. */
export class Api extends Construct {
  readonly function: LambdaFunction;
  readonly http: HttpApi;
  readonly url: string;
  private readonly isSigned: boolean;

  constructor(scope: Construct, id: string, { stage, bundles, control, access = {} }: ApiProps) {
    super(scope, id);
    // API Gateway gives up after 30 s; the function ends first, so that its own log says what took so long.
    this.function = bundledFunction(this, { stage, part: 'api', bundle: 'api', bundles, timeout: Duration.seconds(29), memorySize: 512 });
    grantJobControl(this.function, control);
    const { throttle = { rateLimit: 50, burstLimit: 100 }, jwt, domain } = access;

    this.http = new HttpApi(this, 'Http', {
      apiName: stage.nameOf('api'),
      createDefaultStage: false,
      disableExecuteApiEndpoint: domain?.isOnly === true,
      defaultAuthorizer: jwt ? new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: [...jwt.audience] }) : new HttpIamAuthorizer(),
    });
    this.http.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Handler', this.function),
    });
    // API Gateway may write to groups with this prefix without a resource policy, of which an account has only ten.
    const log = logGroup(this, 'AccessLog', stage, `/aws/vendedlogs/apis/${stage.nameOf('api')}`);
    const httpStage = new HttpStage(this, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = domain?.isOnly ? `https://${domain.name}/` : httpStage.url;
    this.isSigned = jwt === undefined;
    if (!domain) return;
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn);
    const domainName = new DomainName(this, 'Domain', { domainName: domain.name, certificate });
    new ApiMapping(this, 'Mapping', { api: this.http, domainName, stage: httpStage });
    // By these names, wherever the construct stands.
    new CfnOutput(this, 'DomainTarget', { value: domainName.regionalDomainName }).overrideLogicalId('DomainTarget');
    new CfnOutput(this, 'DomainHostedZone', { value: domainName.regionalHostedZoneId }).overrideLogicalId('DomainHostedZone');
  }

  /** Lets a role call every route, or only those that change nothing. */
  grantInvoke(grantee: IGrantable, what: 'everything' | 'reads'): void {
    if (!this.isSigned) throw new Error("the stage asks for JSON web tokens: the right to call it is their issuer's to give");
    const paths = what === 'everything' ? ['*/*'] : ['GET/*', 'POST/v1/preview'];
    const resources = paths.map((path) =>
      Stack.of(this).formatArn({ service: 'execute-api', resource: this.http.apiId, resourceName: `$default/${path}` }),
    );
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['execute-api:Invoke'], resources }));
  }
}
