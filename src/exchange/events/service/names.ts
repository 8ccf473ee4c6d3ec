import { formatSubsystem, parseService } from '../../message/identifiers.ts';

/** The service of each subsystem that takes the events it has subscribed to; the gateway answers it. */
export const INBOX = 'receiveEvents';

export const inboxOf = (subsystem: string): string => `${subsystem}/${INBOX}`;

/** Behind an event type, as an endpoint of its service: what an agreement on events must cover. */
export const SUBSCRIPTION_PATH = '/subscription';

/** INST/CLASS/MEMBER/SUBSYSTEM of a service or event type; undefined where the text is none. */
export function publisherOf(service: string): string | undefined {
  const parsed = parseService(service);
  return parsed.ok ? formatSubsystem(parsed.value) : undefined;
}
