import { ok, type Result } from '../../kernel/index.ts';
import { formatService, formatSubsystem, parseRestTarget, parseSubsystem } from '../message/identifiers.ts';
import type { EvidenceFile, EvidenceMessage } from './model.ts';
import { isVouchedAt, type KnownParties, type Parties, type Party } from './parties.ts';
import { type EvidenceRefusal, refuseStep } from './report.ts';
import { isSignedBy, mayHoldPersonalData, readSignedMessage, type SignedMessage } from './signed-message.ts';

/** What the two signed messages say. */
export type Exchange = {
  readonly request: SignedMessage;
  readonly response: SignedMessage;
  readonly client: string;
  readonly service: string;
  readonly method: string;
  readonly status: number;
  /** As signed, if they are: an adapter of before names no purpose, and only the provider's word names the agreement. */
  readonly purpose: string | undefined;
  readonly agreement: string | undefined;
};

type RequestFacts = { readonly client: string; readonly service: string };

/** Request by the consumer, response by the provider, each by the key and the name that the registry vouches for. */
export function readExchange(file: EvidenceFile, parties: Parties): Result<Exchange, EvidenceRefusal> {
  const request = readSigned('request', file.request, parties.consumer);
  if (!request.ok) return request;
  const facts = readRequestFacts(file, request.value, parties);
  if (!facts.ok) return facts;
  const response = readSigned('response', file.response, parties.provider);
  if (!response.ok) return response;
  const status = bindResponse(file, request.value, response.value);
  if (!status.ok) return status;
  return ok({
    request: request.value,
    response: response.value,
    ...facts.value,
    method: request.value.components.get('"@method"') ?? '',
    status: status.value,
    purpose: request.value.components.get('"wasl-purpose"'),
    agreement: response.value.components.get('"wasl-agreement"') ?? request.value.components.get('"wasl-agreement"'),
  });
}

/** One message, by the key of the party that must have signed it, while the registry vouched for that party. */
export function readSigned(
  step: 'request' | 'response',
  given: EvidenceMessage,
  party: Party,
): Result<SignedMessage, EvidenceRefusal> {
  const read = readSignedMessage(given, `wasl-${step}`);
  if (!read.ok) return refuseStep(step, read.error.detail);
  const message = read.value;
  if (message.keyid !== party.keyid) {
    return refuseStep(step, `signed with the key ${message.keyid}, expected that of ${party.statement.server}`);
  }
  if (!isSignedBy(message, party.signKey)) {
    return refuseStep(step, `the signature is not of this text by ${party.statement.server}`);
  }
  if (!isVouchedAt(party, message.created * 1000)) {
    return refuseStep('certificates', `the ${step} was signed outside the period of its signer's certificates`);
  }
  return read;
}

/** Every name in the request must be one that its signer, and the one that answers, may bear. */
export function readRequestFacts(
  file: Pick<EvidenceFile, 'exchange' | 'personalData'>,
  request: SignedMessage,
  parties: KnownParties,
): Result<RequestFacts, EvidenceRefusal> {
  const fault = expectComponent(request, '"x-road-request-id"', file.exchange);
  if (fault !== undefined) return refuseStep('request', fault);
  const client = parseSubsystem(request.components.get('"x-road-client"') ?? '');
  if (!client.ok) return refuseStep('request', `x-road-client ${client.error.detail}`);
  const uri = request.components.get('"@target-uri"') ?? '';
  const target = parseRestTarget(uri.replace(/^https:\/\/[^/?#]+/, ''));
  if (!target.ok) return refuseStep('request', `@target-uri ${target.error.detail}`);
  const names = { client: formatSubsystem(client.value), service: formatService(target.value.service) };
  if (!isOf(parties.consumer, names.client)) {
    return refuseStep('request', `the client ${names.client} is not of ${parties.consumer.statement.server}`);
  }
  if (parties.provider !== undefined && !isOf(parties.provider, names.service)) {
    return refuseStep('request', `the service ${names.service} is not of ${parties.provider.statement.server}`);
  }
  if (file.personalData !== mayHoldPersonalData(request)) {
    return refuseStep('request', `personalData says ${file.personalData}, the request says otherwise`);
  }
  return ok(names);
}

/** True when the identifier begins with the party's member and one of its subsystems. */
function isOf(party: Party, identifier: string): boolean {
  const subsystem = identifier.split('/', 4).join('/');
  return party.statement.subsystems.some(({ code }) => `${party.statement.member.id}/${code}` === subsystem);
}

/** RFC 9421 section 2.4: the response signs the request's method, target and signature, so it answers no other. */
export function bindResponse(
  file: Pick<EvidenceFile, 'exchange' | 'request'>,
  request: SignedMessage,
  response: SignedMessage,
): Result<number, EvidenceRefusal> {
  const expected: readonly [component: string, value: string | undefined][] = [
    ['"x-road-request-id"', file.exchange],
    ['"@method";req', request.components.get('"@method"')],
    ['"@target-uri";req', request.components.get('"@target-uri"')],
    ['"signature";req;key="wasl"', file.request.signature.slice('wasl='.length)],
  ];
  for (const [component, value] of expected) {
    const fault = expectComponent(response, component, value);
    if (fault !== undefined) return refuseStep('response', fault);
  }
  const status = response.components.get('"@status"') ?? '';
  if (!/^[1-9]\d\d$/.test(status)) return refuseStep('response', `@status is "${status}", not a status`);
  return ok(Number(status));
}

function expectComponent(message: SignedMessage, component: string, expected: string | undefined): string | undefined {
  const actual = message.components.get(component);
  if (actual !== undefined && actual === expected) return undefined;
  return `${component} is ${actual === undefined ? 'not signed' : `"${actual}"`}, expected "${expected}"`;
}
