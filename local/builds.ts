import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'chokidar';

/** Hears of every build after the first: its folder, or why there is none. */
export interface BuildListener {
  built(folder: string, ms: number): void;
  failed(reason: string): void;
}

/** So many builds are kept: an attempt that is under way may still load a chunk of an older one. */
const KEPT = 5;
/** Editors write several files at a time. */
const QUIET_MS = 60;

/** Builds the functions, each time into a folder of its own, at once and whenever something in jobs/ changes. */
export class Builds {
  readonly #jobs: string;
  readonly #folder: string;
  readonly #buildInto: (folder: string, earlier: string | undefined) => Promise<unknown>;
  #count = 0;
  #last: string | undefined;

  constructor(options: { jobs: string; folder: string; buildInto: (folder: string, earlier: string | undefined) => Promise<unknown> }) {
    this.#jobs = options.jobs;
    this.#folder = options.folder;
    this.#buildInto = options.buildInto;
  }

  /** Builds afresh; resolves to the folder, or rejects with what is wrong in the modules. */
  async first(): Promise<string> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true });
    return this.#build();
  }

  /** Builds again at every change from when this resolves, one build at a time, until the returned function is called. */
  async watch(listener: BuildListener): Promise<() => Promise<void>> {
    let timer: NodeJS.Timeout | undefined;
    let building = Promise.resolve();
    const rebuild = async () => {
      const started = performance.now();
      try {
        listener.built(await this.#build(), Math.round(performance.now() - started));
      } catch (error) {
        listener.failed(error instanceof Error ? error.message : String(error));
      }
    };
    const watcher = watch(this.#jobs, { ignoreInitial: true, ignored: [join(this.#jobs, 'index.ts'), /node_modules/] }).on('all', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        building = building.then(rebuild);
      }, QUIET_MS);
    });
    // What is added before is taken for what has always been there.
    await once(watcher, 'ready');
    return async () => {
      clearTimeout(timer);
      await watcher.close();
    };
  }

  async #build(): Promise<string> {
    const folder = join(this.#folder, String(this.#count + 1));
    await this.#buildInto(folder, this.#last);
    this.#count += 1;
    this.#last = folder;
    const old = (await readdir(this.#folder)).filter((name) => Number(name) <= this.#count - KEPT);
    await Promise.all(old.map((name) => rm(join(this.#folder, name), { recursive: true, force: true })));
    return folder;
  }
}
