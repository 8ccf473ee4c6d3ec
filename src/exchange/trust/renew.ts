import { type Clock, malformed, Problem } from '../../kernel/index.ts';
import { type Applicant, askRegistry } from './asking.ts';
import { parseCertifiedAnswer } from './joining.ts';
import { draftGatewayKeys, keepGatewayKeys, loadGatewayKeys } from './keys.ts';
import type { GatewayKeys } from './model.ts';
import { forgetPending, keepPending, type Patience, readPending, untilDecided } from './waiting.ts';

export type RenewOptions = Patience & {
  readonly registryUrl: string;
  /** The gateway's own folder. */
  readonly dir: string;
  readonly server: string;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Buffer;
};

/**
 * New keys and certificates for a gateway that takes part. The former ones count beside them for the registry's
 * overlap, so the gateway may go on with them until it has opened its doors with the new ones, and no message is lost.
 *
 * A crash at any point goes on at the next call: the drafted keys and the request's id are on the disk before anything
 * is certified, and `keys` is replaced whole, last.
 */
export async function renewGateway(options: RenewOptions): Promise<GatewayKeys> {
  const applicant = await applicantOf(options);
  const pending = (await readPending(options.dir)) ?? (await askToRenew(options, applicant));
  const status = await untilDecided(applicant, pending.request, options).catch(async (cause: unknown) => {
    // Refused or unknown: these drafted keys will never be certified. Still waiting: the next call goes on.
    if (cause instanceof Problem && (cause.status === 403 || cause.status === 404)) await forgetPending(options.dir);
    throw cause;
  });
  const answer = parseCertifiedAnswer(status.answer);
  if (!answer.ok) throw malformed(`The registry's answer cannot be read: ${answer.error.detail}.`);
  await forgetPending(options.dir);
  await keepGatewayKeys(options.dir, {
    tls: Buffer.from(answer.value.tlsCertificate, 'base64'),
    sign: Buffer.from(answer.value.signCertificate, 'base64'),
  });
  return needKeys(options.dir);
}

/** Leaves the instance: once granted, the gateway is out of the list and its certificates are revoked. */
export async function leaveRegistry(options: RenewOptions): Promise<void> {
  const applicant = await applicantOf(options);
  const { id } = await askRegistry(applicant, 'leave', {});
  await untilDecided(applicant, id, options);
}

async function askToRenew(options: RenewOptions, applicant: Applicant) {
  const { tlsCsr, signCsr } = await draftGatewayKeys(options.dir, options.server);
  const { id } = await askRegistry(applicant, 'renew', { tlsCsr, signCsr });
  // A crash just before this line leaves a request that nobody asks about; the next one is refused until an operator
  // has decided that one, and says so.
  const pending = { v: 1, server: options.server, request: id } as const;
  await keepPending(options.dir, pending);
  return pending;
}

async function applicantOf({ registryUrl, dir, server, clock, randomBytes }: RenewOptions): Promise<Applicant> {
  const { signKey } = await needKeys(dir);
  return { registryUrl, server, signKey, clock, randomBytes };
}

async function needKeys(dir: string): Promise<GatewayKeys> {
  const keys = await loadGatewayKeys(dir);
  if (keys === undefined) throw malformed(`No gateway has joined from ${dir}.`);
  return keys;
}
