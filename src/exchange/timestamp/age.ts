import type { GatewayContext } from '../gateway/model.ts';
import { listedAuthorities } from './service.ts';
import { readRound } from './store.ts';

/** Undefined where no timestamps are taken. */
export async function timestampAgeMs(context: GatewayContext): Promise<number | undefined> {
  if (context.settings.timestampIntervalMs === 0 || listedAuthorities(context).length === 0) return undefined;
  const round = await readRound(context.db.read);
  return round && Math.max(0, context.clock().getTime() - round.succeededAt.getTime());
}
