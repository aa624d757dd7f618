import { parseArgs } from 'node:util';
import { QUOTA } from '../../core/reconcile/pace.ts';
import { KINDS } from './drifts.ts';
import { reconcileDrill } from './reconcile-drill.ts';

// How the reconciler fares with many jobs: `node local/start.mjs test/bench/reconcile.ts --jobs 100000`.

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '100000' } } });
const report = await reconcileDrill(Number(values.jobs), (line) => console.log(line));
const { jobs, drifted, sweep, second, sweepSeconds, interrupted, wrong, wrongDeletions } = report;

console.log(`${drifted} of them harmed, in ${KINDS.length} ways: ${KINDS.join(', ')}`);
console.log(`first sweep, killed ${interrupted} times and gone on with: ${sweepSeconds.toFixed(0)} s; its last pass:`, sweep.pass);
console.log('second sweep:', second.pass);
console.log('calls of the second sweep:', second.calls);
console.log(`memory of the process (peak RSS): ${Math.max(sweep.peakMb, second.peakMb)} MB`);
console.log(`wrong deletions: ${wrongDeletions}; jobs and schedules that do not correspond: ${wrong.length}`, wrong.slice(0, 5));

const million = 1_000_000 / jobs;
const lists = (second.calls.ListSchedules ?? 0) * million;
const repairs = 10_000;
for (const [region, changes] of [
  ['a smaller Region', QUOTA.changes],
  ['one of the eleven large Regions, were the pace four times as high', 4 * QUOTA.changes],
] as const) {
  const seconds = lists / QUOTA.lists + repairs / changes;
  console.log(
    `1,000,000 jobs, 1 % drift, at a fifth of the quotas of ${region}: ${Math.round(lists)} pages at ${QUOTA.lists}/s and ${repairs} repairs at ${changes}/s = ${(seconds / 60).toFixed(0)} min, in passes of 10 min`,
  );
}

/** As the commands of the SDK are called; the updates of the checkpoint are all that is left. */
const WRITES = ['Put', 'Delete', 'CreateSchedule', 'UpdateSchedule', 'DeleteSchedule', 'SendMessageBatch'];
const problems = [
  ...wrong,
  ...(wrongDeletions > 0 ? ['a schedule of a job that is there was deleted'] : []),
  ...[sweep, second].flatMap(({ pass }) => (pass.walk === 'done' ? [] : [`a walk was ${pass.walk}`])),
  ...(interrupted < 5 ? [`interrupted ${interrupted} times only`] : []),
  ...Object.entries(second.pass).flatMap(([name, count]) => (Number(count) > 0 ? [`the second sweep had ${count} ${name}`] : [])),
  ...WRITES.flatMap((name) => (second.calls[name] ? [`the second sweep made ${second.calls[name]} ${name}`] : [])),
  ...(Math.max(sweep.peakMb, second.peakMb) > 256 ? ['more than 256 MB'] : []),
];
for (const problem of problems) console.error(`FAILED: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);
