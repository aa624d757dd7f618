import { defineModule } from 'carillon';
import * as z from 'zod';

export default defineModule({
  description: 'Greet somebody',
  input: z.object({ name: z.string().default('world') }),
  async run({ name }, { dueAt, log }) {
    log.info(`hello ${name}`, { dueAt });
    return { greeted: name };
  },
});
