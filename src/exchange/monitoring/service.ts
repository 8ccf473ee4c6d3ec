import type { Json } from '../../kernel/index.ts';
import type { GatewayContext, PartService } from '../gateway/model.ts';
import { Fault } from '../message/fault.ts';
import type { OperationalQuery, OperationalRecord, ServiceHealth } from './model.ts';
import { operationalRecord } from './rules.ts';
import { listExchanged, listHealth } from './store.ts';

export const OPERATIONAL_DATA = 'getSecurityServerOperationalData';
export const HEALTH_DATA = 'getSecurityServerHealthData';
const PAGE = 1_000;
const PERIOD_S = 600;

export type OperationalData = {
  readonly recordsCount: number;
  readonly records: readonly OperationalRecord[];
  /** `after` of the next question; null where there is no more. */
  readonly nextRecordsAfter: number | null;
};

export async function readOperationalData(context: GatewayContext, query: OperationalQuery): Promise<OperationalData> {
  const found = await listExchanged(context.db.read, query, PAGE);
  const records = found.map((one) => operationalRecord(one, context.settings.dialect));
  const next = found.length === PAGE ? (found.at(-1)?.index ?? null) : null;
  return { recordsCount: records.length, records, nextRecordsAfter: next };
}

export type HealthData = {
  readonly monitoringStartupTimestamp: number;
  readonly statisticsPeriodSeconds: number;
  readonly servicesEvents: readonly ServiceHealth[];
};

export async function readHealthData(context: GatewayContext, startedAt: Date): Promise<HealthData> {
  const since = new Date(context.clock().getTime() - PERIOD_S * 1_000);
  const servicesEvents = await listHealth(context.db.read, since);
  return { monitoringStartupTimestamp: startedAt.getTime(), statisticsPeriodSeconds: PERIOD_S, servicesEvents };
}

/**
 * Both over the exchange, without an agreement as in X-Road: a client is told what it asked and answered itself, and no
 * more. `?recordsFrom=&recordsTo=` in seconds since 1970, as PR-OPMON has them, and `after` of the page before.
 */
export function monitoringService(context: GatewayContext, startedAt: Date): PartService {
  return {
    needsAgreement: false,
    async answer({ service, client, query }) {
      const isHealth = service.endsWith(`/${HEALTH_DATA}`);
      if (isHealth) {
        const health = await readHealthData(context, startedAt);
        const own = health.servicesEvents.filter((one) => one.service.startsWith(`${client}/`));
        return { data: { ...health, servicesEvents: own } as unknown as Json };
      }
      const asked = { ...readQuery(query), subsystem: client };
      return { data: (await readOperationalData(context, asked)) as unknown as Json };
    },
  };
}

function readQuery(query: string): Omit<OperationalQuery, 'subsystem'> {
  const given = new URLSearchParams(query);
  const seconds = (name: string) => {
    const value = given.get(name) ?? '';
    if (!/^\d{1,12}$/.test(value)) throw new Fault('request-malformed', `${name} must be seconds since 1970.`);
    return new Date(Number(value) * 1_000);
  };
  const after = given.get('after') ?? '-1';
  if (!/^(-1|\d{1,15})$/.test(after))
    throw new Fault('request-malformed', 'after must be a number of the page before.');
  return { from: seconds('recordsFrom'), until: seconds('recordsTo'), after: Number(after) };
}
