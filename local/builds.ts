import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'chokidar';
import { holds, noteSources } from './made-from.ts';

/** Hears of every build after the first: its folder, or why there is none. */
export interface BuildListener {
  built(folder: string, ms: number): void;
  failed(reason: string): void;
}

/** So many builds are kept: an attempt that is under way may still load a file of an older one. */
const KEPT = 5;
/** Editors write several files at a time. */
const QUIET_MS = 60;

interface BuildsOptions {
  readonly jobs: string;
  /** Where the builds are kept. */
  readonly folder: string;
  /** Builds anew, or only what is made of jobs/ beside an earlier build; resolves to all it was made from. */
  buildInto(folder: string, earlier: string | undefined): Promise<readonly string[]>;
  /** From when on this process may have read its own code, which is the builder's, too (epoch ms). */
  readonly since: number;
}

/** Builds the functions, each time into a folder of its own, when anything changed since the last time and whenever something in jobs/ does. */
export class Builds {
  readonly #jobs: string;
  readonly #folder: string;
  readonly #buildInto: BuildsOptions['buildInto'];
  readonly #since: number;
  #count = 0;
  #last: string | undefined;

  constructor(options: BuildsOptions) {
    this.#jobs = options.jobs;
    this.#folder = options.folder;
    this.#buildInto = options.buildInto;
    this.#since = options.since;
  }

  /** Builds afresh unless the last build still holds; resolves to the folder, or rejects with what is wrong in the modules. */
  async first(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const [newest, ...older] = (await readdir(this.#folder)).sort((a, b) => Number(b) - Number(a));
    if (newest !== undefined && (await holds(join(this.#folder, newest)))) {
      await Promise.all(older.map((name) => this.#remove(name)));
      this.#count = Number(newest);
      this.#last = join(this.#folder, newest);
      return this.#last;
    }
    await rm(this.#folder, { recursive: true });
    await mkdir(this.#folder);
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
    // A test beside a module is no part of a build.
    const ignored = [join(this.#jobs, 'index.ts'), /node_modules/, /\.test\.ts$/];
    const watcher = watch(this.#jobs, { ignoreInitial: true, ignored }).on('all', () => {
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
    const earlier = this.#last === undefined ? undefined : { folder: this.#last, anew: this.#jobs };
    const began = earlier ? Date.now() : this.#since;
    const sources = await this.#buildInto(folder, this.#last);
    await noteSources(folder, sources, began, earlier);
    this.#count += 1;
    this.#last = folder;
    const old = (await readdir(this.#folder)).filter((name) => Number(name) <= this.#count - KEPT);
    await Promise.all(old.map((name) => this.#remove(name)));
    return folder;
  }

  #remove(name: string): Promise<void> {
    return rm(join(this.#folder, name), { recursive: true, force: true });
  }
}
