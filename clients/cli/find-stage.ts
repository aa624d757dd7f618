import { endpointParameter } from '../../core/contract/stages.ts';
import { LOCAL_ENDPOINT } from '../http/index.ts';
import type { StageName } from './stage.ts';

/** A stage that was found. */
export interface Stage {
  readonly endpoint: string;
  /** Of a deployed stage that was asked for by its name. */
  readonly name?: string;
  readonly isLocal: boolean;
}

export interface NotFound {
  readonly error: string;
  /** Whether there is no such stage, and not something else in the way. */
  readonly isAbsent?: boolean;
}

/** Finds the API: of the option that is given, else of the environment, else of this machine. */
export async function findStage(asked: StageName): Promise<Stage | NotFound> {
  const { CARILLON_ENDPOINT, CARILLON_STAGE } = process.env;
  if (asked.local) return LOCAL;
  if (asked.endpoint !== undefined) return at(asked.endpoint, '--endpoint');
  if (asked.stage !== undefined) return deployed(asked.stage);
  if (CARILLON_ENDPOINT) return at(CARILLON_ENDPOINT, 'CARILLON_ENDPOINT');
  return CARILLON_STAGE ? deployed(CARILLON_STAGE) : LOCAL;
}

const LOCAL: Stage = { endpoint: LOCAL_ENDPOINT, isLocal: true };

function at(endpoint: string, source: string): Stage | NotFound {
  // Only the root: the API's paths follow.
  if (/^https?:\/\//.test(endpoint) && URL.canParse(endpoint) && new URL(endpoint).pathname === '/') return { endpoint, isLocal: false };
  return { error: `${source} ${endpoint}: it is an address, for example ${LOCAL_ENDPOINT}` };
}

async function deployed(stage: string): Promise<Stage | NotFound> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const Name = endpointParameter(stage);
  try {
    const { Parameter } = await new SSMClient().send(new GetParameterCommand({ Name }));
    return { endpoint: Parameter?.Value ?? '', name: stage, isLocal: false };
  } catch (error) {
    const isAbsent = error instanceof Error && error.name === 'ParameterNotFound';
    return { error: `the stage "${stage}" was not found: ${reasonOf(error, Name)}`, isAbsent };
  }
}

function reasonOf(error: unknown, parameter: string): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  switch (name) {
    case 'ParameterNotFound':
      return `there is no SSM parameter ${parameter} in this account and region; deploy the stage, or set AWS_PROFILE and AWS_REGION to those it is in`;
    case 'AccessDeniedException':
      return `reading the SSM parameter ${parameter} is not allowed (ssm:GetParameter); ask for it, or name the API with --endpoint`;
    case 'CredentialsProviderError':
      return `no AWS credentials (${message}); sign in, or set AWS_PROFILE`;
    default:
      return `${message}${message.includes('egion') ? '; set AWS_REGION' : ''}`;
  }
}
