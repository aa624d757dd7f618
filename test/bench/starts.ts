import { resolve } from 'node:path';
import { atMost, type Figure, type Section } from './figures.ts';
import { beside, OTHERS, OURS, type PeersOptions, printed } from './kit.ts';
import { BURST, besidePredecessor, CREATES, sideBySide } from './peers.ts';

/** Servers of the kit that are no schedulers: what lies below any. */
const BARE = { none: 'a server that answers, and nothing else', 'floor-sqlite': 'a server that writes a row to SQLite, and nothing else' };

/** How long each takes to start, and what the machine and bare servers take for what schedulers do. */
export function starts({ kit, runs }: PeersOptions): Promise<Section> {
  return beside(kit, async (measure, others) => {
    const start = await besidePredecessor(measure, 'startup', 1);
    const figures: Figure[] = [
      sideBySide('start, to the first answer', 'ms', start, 'readyMs', atMost(2_000)),
      sideBySide('memory after it (PSS, whole process tree)', 'MB', start, 'idle.pssMB'),
    ];
    for (const peer of others) {
      const pair = { ...start, theirs: await measure(peer, 'startup', 1), peer: OTHERS[peer] ?? peer };
      figures.push(sideBySide('start, to the first answer', 'ms', pair, 'readyMs'));
    }
    // The kit's servers are installed with the other schedulers.
    if (others.length === 0) return { figures };
    const ours = await measure(OURS, CREATES, runs);
    for (const [bare, what] of Object.entries(BARE)) {
      const theirs = await measure(bare, CREATES, runs);
      figures.push(sideBySide('creates, 16 clients', 'a second', { ours, theirs, peer: what }, 'rate'));
    }
    const { max } = await measure('floor-sqlite', `burst --b ${BURST}`, runs);
    figures.push({ what: `${BARE['floor-sqlite']}: the last of ${BURST} due in one second`, value: max ?? Number.NaN, unit: 'ms' });
    return { figures: [...figures, ...(await limits(kit, runs))] };
  });
}

/** Timers and disk, without any server. */
async function limits(kit: string, runs: number): Promise<Figure[]> {
  const of = async (what: string) => {
    const text = await printed([resolve(kit, 'limits.mjs'), what, String(runs)], process.env);
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const timers = (await of('timers')).find(({ timers }) => timers === BURST);
  const [disk] = await of('fsync');
  return [
    { what: `timers, and nothing else: the last of ${BURST} due in one instant`, value: timers.max, unit: 'ms' },
    { what: 'four kilobytes to the disk, and flushed', value: disk.fsync4k.p50Ms, unit: 'ms' },
  ];
}
