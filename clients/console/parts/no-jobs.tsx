import { href } from '../page.ts';
import { Empty } from './states.tsx';

/** What there is to do first. */
export function NoJobs() {
  return (
    <Empty title="No jobs yet">
      <p>
        A job runs a module on a schedule. Modules are the folders of <code>jobs/</code>; make a job of one:
      </p>
      <pre>carillon create hello --module heartbeat --schedule 'rate(1 minute)'</pre>
      <p>
        <a class="button main" href={href(['new'])}>
          New job
        </a>
      </p>
    </Empty>
  );
}
