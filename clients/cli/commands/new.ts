import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { MODULE_NAME_RULE, parseModuleName } from '../../../core/ids.ts';
import { fail } from '../stage.ts';

/** A module that works, and its test. */
const TEMPLATE = new URL('../template/', import.meta.url);

/** `carillon new`: a module to begin with, and its test. */
export function newCommand(): Command {
  return new Command('new')
    .description('Make a module: jobs/<name>/index.ts and a test beside it')
    .argument('<name>')
    .addHelpText('after', '\nExample:\n  carillon new send-report\n')
    .action(async (name: string) => {
      if (!parseModuleName(name)) return fail('usage', `"${name}": ${MODULE_NAME_RULE}`);
      const folder = join('jobs', name);
      if (existsSync(folder)) return fail('refused', `${folder} is there already`);
      await mkdir(folder, { recursive: true });
      await copyFile(new URL('index.ts', TEMPLATE), join(folder, 'index.ts'));
      await copyFile(new URL('module.test.ts', TEMPLATE), join(folder, `${name}.test.ts`));
      console.log(`${join(folder, 'index.ts')}\n${join(folder, `${name}.test.ts`)}`);
      if (JSON.parse(await readFile('package.json', 'utf8').catch(() => '{}')).type !== 'module')
        console.log('\nFor the compiler to see its input: npm pkg set type=module; for its test: npm install --save-dev vitest');
      console.log(
        `\nWhile \`carillon dev\` runs:\n  carillon create ${name} --schedule 'rate(1 minute)'\n  carillon logs ${name} --follow`,
      );
    });
}
