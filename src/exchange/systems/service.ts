import type { GatewayContext } from '../gateway/model.ts';
import { Fault } from '../message/fault.ts';
import type { Arrival } from './model.ts';
import { judgeConnection } from './rules.ts';

/** Throws Fault where the subsystem may not speak by the connection that it came with. */
export function requireConnection({ systems }: GatewayContext, subsystem: string, arrival: Arrival): void {
  const judged = judgeConnection(systems.of(subsystem), arrival);
  if (judged.ok) return;
  const { slug, detail, xRoadMessage } = judged.error;
  throw new Fault(slug, detail, { xRoadMessage });
}
