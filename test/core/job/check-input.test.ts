import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkInput } from '../../../core/job/check-input.ts';
import type { ModuleManifest } from '../../../core/ports.ts';

const input = z.strictObject({
  shape: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('circle'), r: z.int().min(1) }),
    z.strictObject({ kind: z.literal('box'), w: z.int(), h: z.int() }),
  ]),
  either: z.union([z.string(), z.number()]).optional(),
  mail: z.email().optional(),
  at: z.iso.datetime().optional(),
});
const module = { name: 'draw', input: z.toJSONSchema(input, { io: 'input' }) } as unknown as ModuleManifest;
const circle = { kind: 'circle', r: 1 };

describe('an input that its module does not take is refused with the member and its rule:', () => {
  it.each([
    ['a misspelt kind', { shape: { kind: 'circel', r: 1 } }, ['/input/shape/kind Invalid input: expected "circle"']],
    ['a number too small', { shape: { kind: 'circle', r: -1 } }, [expect.stringMatching(/^\/input\/shape\/r Too small/)]],
    ['one of several forms', { shape: { kind: 'box', w: 1.5, h: 1 } }, [expect.stringMatching(/^\/input\/shape\/w .*int/)]],
    [
      'a member that its form has not',
      { shape: { ...circle, colour: 'red' } },
      ['/input/shape/colour the module draw has no such member in its input'],
    ],
    [
      'neither of two types',
      { shape: circle, either: true },
      ['/input/either Invalid input: expected string, received boolean, or Invalid input: expected number, received boolean'],
    ],
    ['a format, said once', { shape: circle, mail: 'x' }, ['/input/mail Invalid email address']],
    ['two of them', { shape: circle, mail: 'x', at: 'y' }, ['/input/mail Invalid email address', '/input/at Invalid ISO datetime']],
  ])('%s', async (_what, received, told) => {
    const checked = await checkInput(received, module, '/input');
    expect(checked.ok ? [] : checked.refusal.errors.map(({ pointer, rule }) => `${pointer} ${rule}`)).toEqual(told);
  });
});
