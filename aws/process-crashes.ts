import type { CrashWatch } from '../core/run/perform.ts';

/**
 * Watches for what would end the process in the middle of a run: an exception or a rejection that no code waits for, and
 * `process.exit` in a module. The run is told, so that it can record how it ended, and then ends the process itself.
 *
 * Lambda's runtime has listeners of its own, which would end the process at once; they are replaced. Without a run under way the
 * process ends as it would have.
 */
export function processCrashes(): CrashWatch {
  let told: ((error: Error) => void) | undefined;
  const exit = process.exit.bind(process);
  const crash = (thrown: unknown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (told) return told(error);
    console.error(JSON.stringify({ level: 'ERROR', message: 'the process ends outside of a run', error: error.stack ?? error.message }));
    exit(1);
  };
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.removeAllListeners(event).on(event, crash);
  process.exit = (code) => {
    if (!told) return exit(code);
    const error = new Error(`process.exit(${code ?? ''}) was called`);
    told(error);
    // What called it must not go on; what it leaves behind ends with the process.
    throw error;
  };
  return (signal) =>
    new Promise((resolve) => {
      told = resolve;
      signal.addEventListener('abort', () => {
        told = undefined;
      });
    });
}
