import { NICKNAMES } from '../../core/schedule/unix-cron.ts';
import { distinctIds, type Imported, idOf } from './imported.ts';

export interface CrontabOptions {
  /** Whether a user stands between schedule and command, as in /etc/crontab and /etc/cron.d. */
  readonly hasUser: boolean;
  /** Where the machine's clock stood, unless a line CRON_TZ says. */
  readonly timezone: string;
  /** What all lines run; without it each line runs the module of its id. */
  readonly module?: string | undefined;
  /** Whether a module takes an input `command`. */
  readonly takesCommand: (module: string) => boolean;
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:"(.*)"|'(.*)'|(.*?))\s*$/;
const MOST_DESCRIBED = 512;

/** Reads a crontab, crontab(5): a job for each line that has a schedule. */
export function readCrontab(text: string, { hasUser, timezone, module, takesCommand }: CrontabOptions): Imported[] {
  const distinct = distinctIds();
  const found: Imported[] = [];
  let zone = timezone;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, ...values] = ASSIGNMENT.exec(line) ?? [];
    if (name !== undefined) {
      if (name === 'CRON_TZ') zone = values.find((value) => value !== undefined) ?? zone;
      continue;
    }
    const { was, user, command, hasInput } = partsOf(line, hasUser);
    const program = idOf(programOf(command));
    const id = distinct(program);
    const from = `line ${index + 1}`;
    const schedule = was.startsWith('@') ? NICKNAMES[was.toLowerCase()] : was;
    if (schedule === undefined) {
      const why = was === '@reboot' ? 'there is no machine here that boots: run it once with `carillon run`' : 'no schedule of a crontab';
      found.push({ from, was, id, job: undefined, notes: [`${was}: ${why}`] });
      continue;
    }
    const runs = module ?? program;
    const job = {
      module: runs,
      schedule,
      timezone: zone,
      description: command.slice(0, MOST_DESCRIBED),
      tags: ['crontab'],
      ...(takesCommand(runs) && { input: { command } }),
    };
    const notes = [
      ...(user === undefined || user === 'root' ? [] : [`it ran as the user ${user}`]),
      ...(!hasUser && command.startsWith('root ') ? ['is `root` a user? Then import it with --system'] : []),
      ...(hasInput ? ['what followed % was its standard input, and is not kept'] : []),
    ];
    found.push({ from, was, id, job, notes });
  }
  return found;
}

function partsOf(line: string, hasUser: boolean): { was: string; user: string | undefined; command: string; hasInput: boolean } {
  const words = line.split(/\s+/);
  const fields = line.startsWith('@') ? 1 : 5;
  const before = hasUser ? fields + 1 : fields;
  const command = new RegExp(`^(?:\\S+\\s+){${before}}(.*)$`).exec(line)?.[1] ?? '';
  // An unescaped % ends the command, and what follows is its standard input.
  const [own = '', ...input] = command.split(/(?<!\\)%/);
  return {
    was: words.slice(0, fields).join(' '),
    user: hasUser ? words[fields] : undefined,
    command: own.replaceAll('\\%', '%').trim(),
    hasInput: input.length > 0,
  };
}

/** Words of a shell that are no program of their own. */
const SHELL = /^(\[|\]|!|if|then|else|fi|cd|test|command|exec|nice|ionice|sudo|env|sh|bash|-\S*|\d+|[({})&|;]+|[A-Z_]+=.*)$/;
const SYSTEM = /^\/(dev|run|proc|tmp|var)\//;

/** What a command is about: the last program that it names by its path, else its first word. */
function programOf(command: string): string {
  const words = command
    .replace(/\d?[<>]+&?\s*\S+/g, ' ')
    .split(/[\s;&|(){}]+/)
    .filter((word) => word !== '');
  const path = words.filter((word) => word.startsWith('/') && word !== '/' && !SYSTEM.test(word)).at(-1);
  const program = path ?? words.find((word) => !SHELL.test(word)) ?? 'job';
  return (program.split('/').at(-1) ?? program).replace(/\.(sh|bash|py|pl|rb|js|mjs|ts|php)$/, '');
}
