import { Command, InvalidArgumentError } from 'commander';

interface Options {
  readonly port: number;
  readonly lambda?: string;
  readonly sqs?: string;
  readonly account?: string;
  readonly region?: string;
  readonly late: number;
  readonly duplicates: number;
  readonly losses: number;
  readonly throttles: number;
  readonly freshRoles: number;
  readonly data?: string;
  readonly clock?: boolean;
}

/** `carillon scheduler`: EventBridge Scheduler on this machine, for any program that uses the AWS SDK or the AWS CLI. */
export function schedulerCommand(): Command {
  return new Command('scheduler')
    .description('EventBridge Scheduler on this machine: schedules that fire, without an AWS account')
    .option('--port <number>', 'where to listen on 127.0.0.1; 0 is any free port', whole(0, 65_535), 4870)
    .option('--lambda <url>', "endpoint that answers Lambda's Invoke")
    .option('--sqs <url>', "endpoint that answers SQS's SendMessage, for queues and dead letters")
    .option('--account <id>', 'account of requests whose access key is no account id (default: 123456789012)', account)
    .option('--region <name>', 'region of requests without a signature (default: us-east-1)')
    .option('--data <file>', 'keep the schedules in this file (without: in memory)')
    .option('--late <seconds>', 'fire up to so many seconds late, as AWS does', whole(0, 59), 0)
    .option('--duplicates <probability>', 'deliver an invocation twice', probability, 0)
    .option('--losses <probability>', 'never deliver an invocation', probability, 0)
    .option('--throttles <probability>', 'refuse a request with ThrottlingException', probability, 0)
    .option('--fresh-roles <count>', 'refuse a role so many times before it can be assumed', whole(0, 1_000), 0)
    .option('--clock', 'let POST /_carillon/clock stop, set and move the time')
    .addHelpText('after', '\nExample:\n  carillon scheduler --port 4870 --lambda http://127.0.0.1:3001\n')
    .action(async ({ port, lambda, sqs, account, region, data, clock, ...weather }: Options, command: Command) => {
      const { startScheduler } = await import('../../../local/scheduler/index.ts');
      const started = await startScheduler({ port, lambda, sqs, account, region, data, weather, steerable: clock }).catch((error: Error) =>
        command.error(`error: the scheduler cannot be started on 127.0.0.1:${port}: ${error.message}`),
      );
      console.log(`ready ${started.url}`);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void started.stop().then(() => process.exit(0)));
    });
}

function whole(least: number, most: number) {
  return (text: string): number => {
    const number = /^\d{1,6}$/.test(text) ? Number(text) : -1;
    if (number < least || number > most) throw new InvalidArgumentError(`it is a whole number from ${least} to ${most}.`);
    return number;
  };
}

function account(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('it is twelve digits.');
  return text;
}

function probability(text: string): number {
  const number = text === '' ? Number.NaN : Number(text);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('a probability is from 0 to 1.');
  return number;
}
