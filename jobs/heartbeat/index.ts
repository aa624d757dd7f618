import { defineModule } from 'carillon';

/** The smallest module: it says that it is alive, and how punctual it was. */
export default defineModule({
  description: 'Log a line, to see that jobs run',
  run(_input, { job, dueAt, log }) {
    const latenessMs = Date.now() - dueAt.getTime();
    log.info('still beating', { job: job.id, latenessMs });
    return { latenessMs };
  },
});
