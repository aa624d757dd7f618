import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { type Section, table } from './figures.ts';

const begin = (name: string) => `<!-- ${name}: begin -->`;
const end = (name: string) => `<!-- ${name}: end -->`;

/** Writes what a part found into docs/performance.md, in place of what it found before. */
export async function writeSection(file: string, name: string, title: string, command: string, section: Section): Promise<void> {
  const page = await readFile(file, 'utf8');
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  if (from < 0 || to < 0) throw new Error(`${file} has no place for ${name}: ${begin(name)} and ${end(name)}`);
  const [commit, date] = revision();
  const machine = `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB`;
  const lines = [
    `## ${title}`,
    '',
    `\`${command}\`, at ${commit} of ${date}, ${machine}:`,
    '',
    ...table(section.figures),
    '',
    ...(section.text ?? []),
  ];
  await writeFile(file, `${page.slice(0, from)}${begin(name)}\n\n${lines.join('\n').trimEnd()}\n\n${page.slice(to)}`);
}

/** The commit that was measured, with a `+` if files are changed since, and its day. */
function revision(): string[] {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const [commit, date] = git('log', '-1', '--format=%h %cs').split(' ');
  const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs') !== '';
  return [`${commit}${isChanged ? '+' : ''}`, date ?? ''];
}
