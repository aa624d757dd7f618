import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly license?: string; readonly dev?: boolean; readonly hasInstallScript?: boolean; readonly integrity?: string }>
  >;
}
const { packages }: Lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const installed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && !dev);

it('everything that is installed with the package has a licence that lets it', () => {
  expect(installed.length).toBeGreaterThan(50);
  expect(installed.filter(([, { license = 'none' }]) => !ALLOWED.includes(license))).toEqual([]);
});

it('everything is pinned by its hash, and only two have an install script, which they work without', () => {
  expect(installed.filter(([, { integrity }]) => !integrity).map(([name]) => name)).toEqual([]);
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name)).toEqual([
    'node_modules/classic-level',
    'node_modules/esbuild',
  ]);
});
