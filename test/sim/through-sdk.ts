import { startDatabase } from '../../local/database/database.ts';
import { draw } from '../../testing/simulator/chance.ts';
import { type Faults, isOfCall } from '../../testing/simulator/faults.ts';
import { type Lived, live, START } from '../../testing/simulator/history.ts';
import { drawSteps } from '../../testing/simulator/operations.ts';
import { type Deliveries, REDELIVERY } from '../../testing/simulator/services.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { awsServices } from '../faults/aws-services.ts';
import { FAULTS, type Fault } from '../faults/fault-proxy.ts';
import { api, type Draw } from './histories.ts';

/** How long the SDK waits for an answer that does not come; one of the database that is slower meets a fault more. */
const REQUEST_TIMEOUT = 150;

/** How often a history is lived that tells nothing. */
const MOST_TAKES = 5;

type Through = Lived & { readonly requests: number };

/** Lives histories over the real SDK and the local services, with a proxy in between that speaks AWS's errors; one database for all. */
export async function sdkWorld({ requestTimeout = REQUEST_TIMEOUT } = {}) {
  const database = await startDatabase(undefined);
  let tables = 0;
  return {
    async liveThrough(draw: Draw): Promise<Through> {
      for (let taken = 1; taken <= MOST_TAKES; taken++) {
        const { lived, cutShort } = await once(draw);
        // Faults that go on leave things undone, and prove nothing: on a machine that is too busy it is lived again, from the same seed.
        if (lived && (lived.violations.length === 0 || cutShort === 0)) return lived;
      }
      throw new Error(`seed ${draw.seed}: ${MOST_TAKES} times the database was slower than the SDK waits, after the faults had stopped`);
    },
    stop: () => database.stop(),
  };

  /** What was lived, unless the witness itself waited in vain; and how many requests the SDK gave up of itself after the faults had stopped. */
  async function once({ seed, operations, faults }: Draw): Promise<{ readonly lived?: Through; readonly cutShort: number }> {
    const clock = new VirtualClock(START);
    let deliveries: Deliveries | undefined;
    let requests = 0;
    const services = await awsServices({
      database: database.endpoint,
      table: `sim-${++tables}`,
      clock,
      faultFor: () => deliveries?.fate<Fault>(`request ${++requests}`, FAULTS),
      requestTimeout,
      fire: (tick) => deliveries?.fire(tick as never),
      queue: {
        visibilityTimeoutMs: REDELIVERY.visibilityMs,
        maxReceiveCount: REDELIVERY.receives,
        async deliver(event) {
          const [record] = (event as { Records: [{ body: string; attributes: { ApproximateReceiveCount: string } }] }).Records;
          try {
            await deliveries?.deliver(JSON.parse(record.body), Number(record.attributes.ApproximateReceiveCount));
            return { ok: true, value: { batchItemFailures: [] } };
          } catch (error) {
            return { ok: false, error: { type: 'Error', message: String(error) } };
          }
        },
        deadLetter: (body) => deliveries?.putAside(JSON.parse(body)),
      },
    });
    const { random } = Math;
    // The SDK waits a random part of up to a second before it tries again.
    Math.random = () => 0.01;
    try {
      const history = { seed, steps: drawSteps(seed, operations), faults: requestFaults(seed, faults), skew: 0 };
      const servicesFor = (given: Deliveries) => {
        deliveries = given;
        return { ...services.ports, quiet: services.quiet };
      };
      let givenUp = Number.POSITIVE_INFINITY;
      const faultsStop = () => {
        givenUp = services.givenUp();
      };
      const lived = await live(history, { api, over: { clock, servicesFor, faultsStop } });
      return { lived: { ...lived, requests }, cutShort: Math.max(0, services.givenUp() - givenUp) };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
      return { cutShort: 1 };
    } finally {
      Math.random = random;
      await services.stop();
    }
  }
}

/** Faults of requests on their way, and crashes of processes; the SDK makes three requests of a call. */
function requestFaults(seed: number, probability: number): Faults {
  return {
    fate(place, fates) {
      const among = isOfCall(fates) ? fates.filter((fate) => fate.startsWith('crash')) : fates;
      const limit = among === fates ? (place.startsWith('request') ? probability : probability / 4) : probability / 10;
      const chance = draw(seed, place);
      return chance < limit ? among[Math.floor((chance / limit) * among.length)] : undefined;
    },
  };
}
