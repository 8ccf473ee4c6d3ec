import { randomBytes } from 'node:crypto';
import { buildEvidence, type EvidenceParts } from '../../src/exchange/evidence/build.ts';
import type { EvidenceSide } from '../../src/exchange/evidence/model.ts';
import { bareToken } from '../../src/exchange/timestamp/bare-token.ts';
import { nonceFrom, readAnswer, timestampQuery } from '../../src/exchange/timestamp/query.ts';
import { verifyToken } from '../../src/exchange/timestamp/token.ts';
import { certificateId } from '../../src/exchange/trust/certificate.ts';
import { signJws } from '../../src/exchange/trust/jws.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { AT, anExchange, sealerOf, type World } from './evidence.ts';
import type { CertificateName, TestAuthority } from './tsa.ts';

export const AUTHORITY_NAME = 'Horodatage national';

export type Stamping = {
  readonly authority: TestAuthority;
  readonly signer: CertificateName;
  /** The certificate that the registry names: the signer's own, or its issuer's. */
  readonly named?: CertificateName;
  readonly sides?: readonly ('consumer' | 'provider')[];
};

/** A file of evidence whose checkpoints bear tokens that OpenSSL made just now. */
export async function aStampedFile(world: World, stamping: Stamping): Promise<Buffer> {
  return buildEvidence(await stampedParts(world, stamping), sealerOf(world.consumer), AT);
}

export async function stampedParts(world: World, stamping: Stamping): Promise<EvidenceParts> {
  const parts = anExchange(world);
  const stamped = { consumer: parts.consumer, provider: parts.provider };
  for (const name of stamping.sides ?? (['consumer', 'provider'] as const))
    stamped[name] = await stampSide(world, stamping, parts[name]);
  return { ...parts, ...stamped };
}

async function stampSide(
  world: World,
  { authority, signer, named }: Stamping,
  side: EvidenceSide,
): Promise<EvidenceSide> {
  const data = Buffer.from(side.checkpoint);
  const nonce = nonceFrom(randomBytes(16));
  const body = Buffer.from(timestampQuery(data, nonce));
  const answer = await fetch(`${authority.url}${signer}`, { method: 'POST', body });
  const token = unwrap(readAnswer(new Uint8Array(await answer.arrayBuffer())));
  const certificate = await authority.certificate(named ?? signer);
  const id = certificateId(certificate);
  const { path } = unwrap(await verifyToken(token, { data, nonce, authority: id, certificates: [certificate] }));
  const word = {
    v: 1,
    instance: world.instance.anchor.instance,
    name: AUTHORITY_NAME,
    certificate: id,
    issuedAt: new Date(Date.now() - 3_600_000).toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const timestamp = {
    token: Buffer.from(bareToken(token)).toString('base64'),
    authority: signJws(world.instance.signer, 'wasl-timestamp-authority', word),
    chain: path.map((one) => Buffer.from(one).toString('base64')),
  };
  return { ...side, timestamp };
}
