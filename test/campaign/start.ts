import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type Figures, randomHistories } from '../sim/figures.ts';

/** As many as the tests have time for. */
export const HISTORIES = 2_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the campaign's figures are had, once it is over. */
    campaign: string;
  }
}

/** Begins the campaign when the tests begin: its processes have what the other tests leave of the machine's time. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const figures: Promise<Figures> = randomHistories(HISTORIES, {
    seed: 1,
    args: ['--operations', '30', '--faults', '0.2'],
    tell: () => undefined,
  });
  const server = createServer((_request, response) => {
    figures.then(
      (done) => response.end(JSON.stringify(done)),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  figures.catch(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provide('campaign', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => void server.close();
}
