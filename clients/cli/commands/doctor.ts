import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { call } from '../../http/call.ts';
import { CarillonError, type Client, createClient } from '../../http/index.ts';
import { findStage, type Stage } from '../find-stage.ts';
import { print } from '../output.ts';
import { EXIT, type StageOptions, withStage } from '../stage.ts';

/** What was looked at: how it is, and where it is not well what to do. */
interface Finding {
  readonly about: string;
  readonly isWell: boolean;
  readonly is: string;
  readonly fix?: string;
}

const LEAST_NODE = [20, 19] as const;
/** Signatures are refused from five minutes on; due times look wrong long before. */
const MOST_SKEW_MS = 5_000;
/** So many jobs are looked through. */
const MOST_JOBS = 1_000;

/** `carillon doctor`: what is wrong, and what to do about it. */
export function doctorCommand(): Command {
  return withStage(new Command('doctor'))
    .description('Check this machine and a stage: Node, credentials, the API, clocks, time zones, jobs with problems; says the fix of each')
    .addHelpText('after', '\nExample:\n  carillon doctor\n')
    .action(async (options: StageOptions) => {
      const findings = [ofNode(), ofModules(), ...(await ofStage(options))];
      const lines = findings.map(
        ({ about, isWell, is, fix }) => `${isWell ? 'ok  ' : 'FIX '} ${about.padEnd(11)} ${is}${fix ? `; ${fix}` : ''}`,
      );
      print(options, findings, () => lines);
      if (findings.some(({ isWell }) => !isWell)) process.exitCode = EXIT.refused;
    });
}

function ofNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isWell = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return { about: 'node', isWell, is: process.version, ...(!isWell && { fix: `install Node ${LEAST_NODE.join('.')} or newer` }) };
}

function ofModules(): Finding {
  const isWell = existsSync('jobs');
  return isWell
    ? { about: 'modules', isWell, is: 'jobs/ is here' }
    : {
        about: 'modules',
        isWell,
        is: 'there is no jobs/ here',
        fix: 'go to the folder of your project, or make a module: carillon new hello',
      };
}

async function ofStage(options: StageOptions): Promise<Finding[]> {
  const stage = await findStage(options);
  if ('error' in stage) return [{ about: 'stage', isWell: false, is: stage.error }];
  try {
    const before = Date.now();
    const { json: health, headers } = await call({ endpoint: stage.endpoint, attempts: 1 }, { method: 'GET', path: '/v1/health' });
    const after = Date.now();
    return [
      { about: 'api', isWell: true, is: `${stage.endpoint} answers in ${after - before} ms` },
      ofClock(headers.get('Date'), (before + after) / 2),
      ofZones(health.tzdata),
      ofChanges(health.changesAreStuck),
      {
        about: 'switch',
        isWell: !health.held,
        is: health.held ? `held since ${health.held.since}` : 'not held',
        ...(health.held && { fix: 'carillon release' }),
      },
      await ofJobs(createClient({ endpoint: stage.endpoint })),
    ];
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return [{ about: 'api', isWell: false, is: error.message, fix: fixOf(error, stage) }];
  }
}

function fixOf({ code, status }: CarillonError, { isLocal }: Stage): string {
  if (code === 'unreachable') return isLocal ? 'start the host: carillon dev' : 'check the address, and that the stage is deployed';
  if (status === 403) return 'sign in with credentials that may execute-api:Invoke this API, and check AWS_PROFILE';
  return 'look at the log of the API function';
}

/** A Date header tells whole seconds. */
function ofClock(date: string | null, here: number): Finding {
  const skew = date === null ? 0 : Math.round((here - Date.parse(date) - 500) / 1_000);
  const isWell = Math.abs(skew) * 1_000 <= MOST_SKEW_MS;
  const is = isWell ? 'as that of the API' : `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} that of the API`;
  return { about: 'clock', isWell, is, ...(!isWell && { fix: 'set the clock of this machine by NTP' }) };
}

function ofZones(there: string): Finding {
  const here = process.versions.tz ?? 'unknown';
  const isWell = here === there;
  return {
    about: 'time zones',
    isWell: true,
    is: isWell ? `tz data ${here}` : `tz data ${there} there and ${here} here: \`carillon next\` may differ where a zone's rules changed`,
  };
}

function ofChanges(areStuck: boolean): Finding {
  return areStuck
    ? {
        about: 'changes',
        isWell: false,
        is: 'one has waited for EventBridge for over two minutes',
        fix: 'look at the log of the reconciler for the reason',
      }
    : { about: 'changes', isWell: true, is: 'all have reached EventBridge' };
}

async function ofJobs(client: Client): Promise<Finding> {
  const troubled: string[] = [];
  let seen = 0;
  for await (const { id, problem } of client.jobs.list()) {
    if (problem) troubled.push(`${id} (${problem})`);
    seen += 1;
    if (seen === MOST_JOBS) break;
  }
  if (troubled.length === 0) return { about: 'jobs', isWell: true, is: `none of ${seen} has a problem` };
  const [first = ''] = troubled;
  const others = troubled.length > 1 ? ` and ${troubled.length - 1} more` : '';
  return {
    about: 'jobs',
    isWell: false,
    is: `${first}${others} of ${seen} have a problem`,
    fix: `carillon get ${first.split(' ')[0]} says which`,
  };
}
