import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostListener } from './lambda/lambda-host.ts';

/** A structured line of a function: see aws/lambda-log.ts. */
interface Line {
  readonly level: string;
  readonly message: string;
  readonly timestamp: string;
  readonly [key: string]: unknown;
}

/** Shows what functions print, one readable line each, and keeps the whole of it in the data folder, a file a day. */
export function devLog(dataFolder: string): HostListener {
  const folder = join(dataFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  // At once, and by this thread: a line a run through others costs more than the line, and what ends the host would lose it.
  const keep = (text: string) => {
    try {
      appendFileSync(join(folder, `${new Date().toISOString().slice(0, 10)}.jsonl`), `${text}\n`);
    } catch {
      // A disk that is full must not end what runs.
    }
  };
  return {
    line(functionName, text) {
      const line = parse(text);
      keep(line ? text : JSON.stringify({ function: functionName, text }));
      const shown = line ? show(line) : printable(text);
      if (shown !== undefined) console.log(shown);
    },
    invocationFailed(functionArn, { type, message, stack }, event) {
      const functionName = functionArn.split(':')[6];
      const ids = idsOf(event);
      keep(JSON.stringify({ level: 'ERROR', function: functionName, ...ids, error: { type, message, stack } }));
      console.log(`${time()} ERROR ${printable(Object.values(ids).join(' '))} ${functionName}: ${type}: ${printable(message)}`);
    },
  };
}

/** Which job and run an event of the runner was about. */
function idsOf(event: unknown): Record<string, string> {
  const { Records: [record] = [] } = (event ?? {}) as { Records?: { body?: string }[] };
  const { jobId, runId, dueAt } = (record?.body ? (parseJson(record.body) ?? {}) : (event ?? {})) as Record<string, unknown>;
  return { ...(jobId !== undefined && { jobId: String(jobId), run: String(runId ?? dueAt) }) };
}

function show({ level, message, timestamp, jobId, runId, fields, ...rest }: Line): string | undefined {
  const at = time(timestamp);
  const run = jobId === undefined ? '' : ` ${printable(jobId)} ${printable(runId)} `;
  if (message !== 'delivery')
    return `${at} ${level.padEnd(5)}${run} ${printable(message)}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`;
  if (rest.is === 'dropped' || rest.is === 'queued') return undefined;
  if (rest.is === 'recorded')
    return `${at} ${rest.state === 'missed' ? 'MISS ' : 'SKIP '}${run} ${printable(rest.reason ?? 'it could not be started in time')}`;
  const error = rest.error === undefined ? '' : `: ${printable(rest.error)}`;
  if (rest.state === 'waiting')
    return `${at} WAIT ${run} ${printable(rest.reason)} after attempt ${rest.attempt}, again at ${time(String(rest.until))}${error}`;
  if (rest.latenessMs === undefined) return `${at} SKIP ${run} ${printable(rest.reason ?? rest.state)}`;
  const outcome = `${rest.state}, started ${rest.latenessMs} ms after its due time, took ${rest.durationMs} ms`;
  return `${at} ${rest.state === 'succeeded' || rest.state === 'skipped' ? 'RUN  ' : 'FAIL '}${run} ${outcome}${error}`;
}

function time(timestamp: string = new Date().toISOString()): string {
  return timestamp.slice(11, 23);
}

/** Text of jobs and modules must not move the cursor or recolour the terminal. */
function printable(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return String(value).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

function parse(text: string): Line | undefined {
  const line = text.startsWith('{') ? parseJson(text) : undefined;
  // A module may print JSON of its own, in another logger's form.
  const isOurs = [line?.level, line?.message, line?.timestamp].every((member) => typeof member === 'string');
  return isOurs ? (line as unknown as Line) : undefined;
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
