import { describe, expect, it } from 'vitest';
import { bodyOf, copyOf, draftOf, newDraft, patchOf } from '../../clients/console/form/draft.ts';
import { SNIPPETS } from '../../clients/console/form/snippets.ts';
import type { JobAnswer, ModuleAnswer } from '../../core/contract/answers.ts';

const job = {
  id: 'nightly',
  module: 'report',
  schedule: '0 2 * * *',
  timezone: 'Europe/Berlin',
  start: '2027-01-01T00:00:00Z',
  end: null,
  input: { to: 'a@example.com', deep: { one: 1, two: 2 }, maybe: null, key: '***' },
  policies: { timeout: '5m', overlap: 'skip', keep: '7d' },
  description: 'Numbers',
  tags: ['finance', 'weekly'],
} as unknown as JobAnswer;
const module = { policies: { timeout: '1m', overlap: 'skip', keep: '30d' } } as unknown as ModuleAnswer;
const before = draftOf(job);

describe('the patch of an edited job', () => {
  it('is empty when nothing was changed: a secret that nobody is shown, and null, stay', () => {
    expect(patchOf(before, before)).toEqual({});
  });

  it('says null for what was taken away, however deep, and nothing of what stays', () => {
    const after = { ...before, input: { to: 'b@example.com', deep: { one: 1 }, maybe: null, key: '***' }, description: '', start: null };
    expect(patchOf(before, after)).toEqual({ input: { to: 'b@example.com', deep: { two: null } }, description: null, start: null });
    expect(patchOf(before, { ...before, input: undefined })).toEqual({ input: null });
    expect(patchOf(before, { ...before, tags: '' })).toEqual({ tags: [] });
    expect(patchOf(before, { ...before, tags: 'finance,  weekly ,' })).toEqual({});
  });

  it('keeps nothing of the input of another module', () => {
    const patch = patchOf(before, { ...before, module: 'noop', input: undefined });
    expect(patch).toEqual({ module: 'noop', input: null });
    expect(patchOf(before, { ...before, module: 'other', input: { to: 'c' } }).input).toEqual({
      to: 'c',
      deep: null,
      maybe: null,
      key: null,
    });
  });
});

it('a copy has its bounds and its own policies, another id, and no secret', () => {
  const copy = copyOf(job, module);
  expect(bodyOf(copy)).toEqual({
    id: 'nightly-copy',
    module: 'report',
    schedule: '0 2 * * *',
    timezone: 'Europe/Berlin',
    start: '2027-01-01T00:00:00Z',
    input: { to: 'a@example.com', deep: { one: 1, two: 2 }, maybe: null },
    policies: { timeout: '5m', keep: '7d' },
    description: 'Numbers',
    tags: ['finance', 'weekly'],
  });
});

describe('what can be copied', () => {
  const origin = 'http://127.0.0.1:4747';
  const fresh = { ...newDraft('report'), id: 'new one', timezone: 'UTC', input: { say: "it's" }, tags: 'a' };

  it('creates a new job, of whatever stage, with what needs quotes in quotes', () => {
    const written = { draft: fresh, before: undefined, origin, option: '--stage prod' };
    expect(SNIPPETS.CLI?.(written)).toBe(
      `carillon create 'new one' --module report --schedule '0 8 * * 1-5' --input '{"say":"it'\\''s"}' --tag a --stage prod`,
    );
  });

  it('changes one that is there by what is changed', () => {
    const written = { draft: { ...before, schedule: '30 2 * * *', tags: '' }, before, origin, option: '' };
    expect(SNIPPETS.CLI?.(written)).toBe(`carillon update nightly --schedule '30 2 * * *' --tag ''`);
    expect(SNIPPETS.curl?.(written)).toBe(
      `curl -s -X PATCH ${origin}/v1/jobs/nightly -H 'Content-Type: application/json' -d '{"schedule":"30 2 * * *","tags":[]}'`,
    );
    expect(SNIPPETS.TypeScript?.(written)).toContain('carillon.jobs.patch("nightly", {');
  });
});
