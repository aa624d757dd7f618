import { useLayoutEffect, useRef } from 'preact/hooks';
import { go } from './page.ts';

/** What each key does; shown by `?`. */
export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['/', 'filter the jobs'],
  ['g o', 'overview'],
  ['g j', 'jobs'],
  ['g m', 'modules'],
  ['g a', 'API'],
  ['n', 'new job'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['r', 'run now'],
  ['p', 'pause or resume'],
  ['t', 'light or dark'],
  ['?', 'these keys'],
  ['Esc', 'back'],
];

const PLACES: Readonly<Record<string, string>> = { o: 'overview', j: 'jobs', m: 'modules', a: 'api' };
/** So long after `g` another key says where to. */
const CHORD_MS = 1_000;

/** Single keys, outside of fields and dialogs, and never with a modifier. */
export function useKeys({ help, theme }: { readonly help: () => void; readonly theme: () => void }): void {
  const chord = useRef(-CHORD_MS);
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      // A dialog has lost the focus where its button was disabled.
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (target.closest('input, select, textarea')) {
        if (event.key === 'Escape') target.blur();
        return;
      }
      const place = performance.now() - chord.current < CHORD_MS ? PLACES[event.key] : undefined;
      chord.current = -CHORD_MS;
      if (place) return go([place]);
      act(event);
    };
    const act = (event: KeyboardEvent) => {
      const row = document.activeElement?.closest<HTMLElement>('tr[data-href]');
      const verb = (name: string) => (row ?? document.querySelector('main > header'))?.querySelector<HTMLElement>(`[data-verb="${name}"]`);
      const actions: Record<string, () => unknown> = {
        g: () => {
          chord.current = performance.now();
        },
        '?': help,
        t: theme,
        n: () => go(['new']),
        '/': () => filter(event),
        j: () => step(1),
        k: () => step(-1),
        Enter: () => row && event.target === row && location.assign(row.dataset.href ?? ''),
        r: () => verb('run')?.click(),
        p: () => (verb('pause') ?? verb('resume'))?.click(),
        // What is being written is not left by accident.
        Escape: () => document.querySelector('form.edit') ?? history.back(),
      };
      actions[event.key]?.();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [help, theme]);
}

function filter(event: Event): void {
  event.preventDefault();
  const focus = () => document.getElementById('filter')?.focus();
  if (document.getElementById('filter')) focus();
  else {
    // The view is there in the turn after the address has changed.
    addEventListener('hashchange', () => setTimeout(focus), { once: true });
    go(['jobs']);
  }
}

function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('tr[data-href]')];
  const at = rows.indexOf(document.activeElement?.closest('tr') as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}
