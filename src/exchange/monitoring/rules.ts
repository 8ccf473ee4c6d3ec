import type { FaultSlug } from '../message/fault.ts';
import { type Dialect, faultCode, isFaultSlug } from '../message/fault.ts';
import type { Exchanged, OperationalRecord } from './model.ts';

/** A kept message under X-Road's names. */
export function operationalRecord(one: Exchanged, dialect: Dialect): OperationalRecord {
  const [instance = '', memberClass = '', memberCode = '', subsystem = ''] = partsOf(one.client);
  const [ofInstance = '', ofClass = '', ofCode = '', ofSubsystem = '', serviceCode = ''] = partsOf(one.service);
  return {
    monitoringDataTs: Math.floor((one.answeredAt ?? one.at).getTime() / 1000),
    securityServerType: one.side === 'consumer' ? 'Client' : 'Producer',
    requestInTs: one.at.getTime(),
    ...(one.answeredAt === null ? {} : { responseOutTs: one.answeredAt.getTime() }),
    clientXRoadInstance: instance,
    clientMemberClass: memberClass,
    clientMemberCode: memberCode,
    clientSubsystemCode: subsystem,
    serviceXRoadInstance: ofInstance,
    serviceMemberClass: ofClass,
    serviceMemberCode: ofCode,
    serviceSubsystemCode: ofSubsystem,
    serviceCode,
    messageId: one.xRoadId,
    xRequestId: one.exchange,
    messageProtocolVersion: '1',
    serviceType: 'REST',
    ...(one.method === undefined ? {} : { restMethod: one.method }),
    ...(one.status === null ? {} : { statusCode: one.status }),
    succeeded: succeeded(one),
    ...(one.fault === null ? {} : { faultCode: codeOf(one.fault, one.side, dialect) }),
  };
}

/** As X-Road counts: answered by the service, and not with a fault or an error of its own. */
export function succeeded({ answeredAt, fault, status }: Pick<Exchanged, 'answeredAt' | 'fault' | 'status'>): boolean {
  return answeredAt !== null && fault === null && (status ?? 0) < 400;
}

function codeOf(fault: string, side: Exchanged['side'], dialect: Dialect): string {
  return isFaultSlug(fault) ? faultCode(fault satisfies FaultSlug, dialect, side) : fault;
}

function partsOf(id: string): readonly string[] {
  return id.split('/').map(decodeURIComponent);
}
