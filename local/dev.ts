import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { applyDeclared } from '../clients/apply/declared.ts';
import { createClient } from '../clients/http/index.ts';
import { moduleNames } from '../infra/bundle/registry.ts';
import { ConsolePage } from './console/page.ts';
import { devLog } from './dev-log.ts';
import { gateway, PID_HEADER } from './gateway/gateway.ts';
import { type Credentials, iamAuthorizer } from './gateway/iam.ts';
import { type Host, startHost } from './host.ts';
import { close, listen } from './loopback.ts';
import { machineTime } from './time.ts';

const project = process.cwd();
if (!existsSync(join(project, 'jobs')))
  fail(`there is no folder jobs/ in ${project}: run this where your modules are, or make the first one with \`carillon new hello\``);
process.env.TZ = 'UTC'; // As in Lambda, so that a module sees the same wall clock in both.

const { port, dataFolder, asksForIam } = readOptions();
await mkdir(dataFolder, { recursive: true });
await refuseSecondHost(join(dataFolder, 'host.json'));

const log = devLog(dataFolder);
let ready: (host: Host) => void = () => undefined;
const started = new Promise<Host>((resolve) => {
  ready = resolve;
});
const token = randomBytes(16).toString('hex');
let folder: string | undefined;
const page = new ConsolePage({ folder: () => folder, token, stage: { name: 'local', isProduction: false, readOnly: false, option: '' } });
const authorize = asksForIam ? iamAuthorizer(ownCredentials(), () => machineTime.now()) : undefined;
const server = gateway(async (event) => (await started).api(event), page, authorize);
await listen(server, port).catch(portTaken);
const url = `http://127.0.0.1:${port}`;
await writeFile(join(dataFolder, 'host.json'), JSON.stringify({ pid: process.pid, url, console: `${url}/?token=${token}` }), {
  mode: 0o600,
});

const host = await startHost({
  project,
  dataFolder,
  moduleEnvironment: await readDotEnv(),
  endpoints: readEndpoints(),
  listener: {
    ...log,
    line(name, text) {
      log.line(name, text);
      page.changed();
    },
  },
  builds: {
    built: (built, ms) => {
      folder = join(built, 'console');
      console.log(`built  jobs/ changed: the new code is in use (${ms} ms)`);
      void applyCode();
    },
    failed: (reason) => console.log(`ERROR  jobs/ cannot be built, the last good build stays in use:\n${reason}`),
  },
}).catch((error: Error) => fail(error.message));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(host));
folder = join(host.folder(), 'console');
ready(host);
console.log(`ready ${url}\nconsole ${url}/?token=${token}`);
void applyCode();
const names = await moduleNames(join(project, 'jobs'));
const [example = ''] = names.includes('heartbeat') ? ['heartbeat'] : names;
console.log(`
${names.length === 0 ? 'There is no module in jobs/ yet; make one, and then a job of it:' : 'Create a job that runs every minute:'}
${names.length === 0 ? '\n  carillon new hello' : ''}
  curl -s${asksForIam ? ' --aws-sigv4 aws:amz:us-east-1:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"' : ''} ${url}/v1/jobs -H 'Content-Type: application/json' \\
    -d '{ "id": "hello", "module": "${example || 'hello'}", "schedule": "cron(* * * * ? *)" }'

Data is kept in ${relative(process.cwd(), dataFolder) || '.'}; Ctrl-C ends.
`);

/** The jobs that modules declare exist after every start, and after every change of theirs. */
async function applyCode(): Promise<void> {
  try {
    for (const step of await applyDeclared(createClient({ endpoint: url }))) {
      const why = step.is === 'refused' ? `: ${step.why}` : '';
      console.log(`${step.is === 'refused' ? 'ERROR ' : 'code  '} ${step.id} (declared): ${step.is}${why}`);
    }
  } catch (error) {
    console.log(`ERROR  the declared jobs could not be applied: ${error instanceof Error ? error.message : error}`);
  }
}

function readOptions(): { port: number; dataFolder: string; asksForIam: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4747' },
        data: { type: 'string', default: '.carillon' },
        iam: { type: 'boolean', default: false },
      },
    });
    const number = Number(values.port);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) fail(`--port ${values.port}: a port is a number from 1 to 65535`);
    return { port: number, dataFolder: resolve(project, values.data), asksForIam: values.iam };
  } catch (error) {
    return fail(`${(error as Error).message}\nusage: carillon dev [--port 4747] [--data .carillon] [--iam]`);
  }
}

/** Two hosts on one folder would fire everything twice. */
async function refuseSecondHost(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  let other: { pid?: number; url?: string } = {};
  try {
    other = JSON.parse(text);
  } catch {
    // Cut short by a crash while it was written: nobody serves from it.
  }
  if (other.url && (await pidAt(other.url)) === other.pid)
    fail(`the data folder ${dataFolder} is in use by process ${other.pid} (${other.url}); stop it, or choose another with --data`);
}

async function portTaken(error: NodeJS.ErrnoException): Promise<never> {
  if (error.code !== 'EADDRINUSE') return fail(`port ${port}: ${error.message}`);
  const pid = await pidAt(`http://127.0.0.1:${port}`);
  return fail(`port ${port} is in use by ${pid ? `Carillon process ${pid}` : 'another program'}; stop it, or choose another with --port`);
}

/** The process id of the Carillon host that answers there, if one does. */
async function pidAt(url: string): Promise<number | undefined> {
  const response = await fetch(url, { method: 'OPTIONS', headers: { Origin: 'null' }, signal: AbortSignal.timeout(1_000) }).catch(
    () => undefined,
  );
  const pid = Number(response?.headers.get(PID_HEADER));
  return pid > 0 ? pid : undefined;
}

/** With --iam the API lets in what these have signed, as a deployed one does. */
function ownCredentials(): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (!accessKeyId || !secretAccessKey) return fail('--iam: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; what they sign is let in');
  return { accessKeyId, secretAccessKey };
}

/** `.env` beside package.json is for modules; it is never printed. */
async function readDotEnv(): Promise<Record<string, string>> {
  const text = await readFile(join(project, '.env'), 'utf8').catch(() => '');
  return Object.fromEntries(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function readEndpoints() {
  const { AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_SCHEDULER: scheduler, AWS_ENDPOINT_URL_SQS: sqs } = process.env;
  return { ...(dynamodb && { dynamodb }), ...(scheduler && { scheduler }), ...(sqs && { sqs }) };
}

async function stop(host: Host): Promise<never> {
  setTimeout(() => process.exit(0), 1_500).unref();
  await Promise.all([close(server), host.stop()]);
  process.exit(0);
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
