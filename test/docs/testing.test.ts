import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const doc = text('docs/testing.md');
const blocks = [...doc.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

describe('docs/testing.md', () => {
  it('has examples, all of them in the tests of modules', () => {
    expect(blocks.length).toBeGreaterThan(3);
    expect(doc.match(/^```/gm)).toHaveLength(2 * blocks.length);
  });

  it.each(blocks)('%s', (code) => {
    const [, path, example = ''] = /^\/\/ (jobs\/[a-z-]+\/[a-z-]+\.test\.ts)\n([\s\S]+)$/.exec(code) ?? [];
    expect(path, 'the first line names the file').toBeDefined();
    expect(text(String(path))).toContain(example.trim());
  });
});
