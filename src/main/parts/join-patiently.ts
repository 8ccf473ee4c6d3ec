import { setTimeout as sleep } from 'node:timers/promises';
import { type JoinOptions, joinAsGateway, loadGatewayKeys } from '../../exchange/index.ts';
import { Problem } from '../../kernel/index.ts';
import { CommandRefusal, print } from '../terminal.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Joins where this folder has not joined yet. A registry that is not there is asked again until it is; what it refuses
 * is one line. Stopped at any point, the same command goes on: a request that waits for an operator is
 * kept beside its drafted keys.
 */
export async function joinPatiently(options: Omit<JoinOptions, 'clock'>): Promise<void> {
  if (await hasJoined(options.dir)) return;
  print(`joining ${options.registryUrl}: keys are made here and stay in ${options.dir}`);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      const { statement } = await joinAsGateway({ ...options, clock: () => new Date(), pollMs: 2_000, onWaiting });
      print(`joined as ${statement.server}; certificates until ${statement.expiresAt.slice(0, 10)}`);
      return;
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      if (cause.slug === 'request-waiting') continue;
      if (cause.status !== 503) throw new CommandRefusal(`the gateway has not joined: ${cause.detail ?? cause.title}`);
      print(
        `${cause.detail ?? cause.title} Trying again in ${pause / 1000} s; Ctrl+C stops, the same command resumes.`,
      );
      await sleep(pause);
    }
  }
}

export async function hasJoined(dir: string): Promise<boolean> {
  return (await loadGatewayKeys(dir)) !== undefined;
}

function onWaiting(request: string): void {
  print(`the registry’s operator decides about request ${request}; waiting. Ctrl+C stops, the same command resumes.`);
}
