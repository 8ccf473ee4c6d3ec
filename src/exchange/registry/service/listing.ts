import { X509Certificate } from 'node:crypto';
import { claimedListingKey, openListing } from '../../trust/listing.ts';
import { memberOf } from '../../trust/model.ts';
import { requestNotSigned, requestRefused } from '../problems.ts';
import type { Registry } from '../registry.ts';
import { findSigner } from '../store/certificate.ts';
import { subsystemsBehind } from '../store/directory.ts';
import { putListing } from '../store/listing.ts';

const CLOCK_SKEW_MS = 300_000;

/** Takes what a gateway says that it serves: only of subsystems that are behind it, and never an older word than is held. */
export async function receiveListing(
  registry: Registry,
  jws: string,
  now: Date,
): Promise<{ readonly services: number }> {
  const kid = claimedListingKey(jws);
  const { read } = registry.db;
  const signer = kid === undefined ? undefined : await findSigner(read, Buffer.from(kid, 'base64url'));
  if (signer === undefined)
    throw requestNotSigned('The key is of no gateway that takes part. Sign with the key of the signing certificate.');
  const opened = openListing(jws, new X509Certificate(signer.der).publicKey);
  if (!opened.ok) throw requestRefused('listing', opened.error.detail);
  const { server, instance, issuedAt, services } = opened.value;
  if (server !== signer.server || instance !== registry.keys.anchor.instance)
    throw requestNotSigned(`The key is of ${signer.server}.`);
  if (Math.abs(Date.parse(issuedAt) - now.getTime()) > CLOCK_SKEW_MS)
    throw requestNotSigned('It was not signed within the last five minutes; check the clock and sign it anew.');
  const own = (await subsystemsBehind(read, server)).map(({ code }) => `${memberOf(server)}/${code}/`);
  const foreign = services.find(({ service }) => !own.some((prefix) => service.startsWith(prefix)));
  if (foreign !== undefined) throw requestRefused('services', `${foreign.service} is of no subsystem behind ${server}`);
  await registry.db.transaction((tx) => putListing(tx, opened.value, jws));
  return { services: services.length };
}
