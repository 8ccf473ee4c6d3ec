import { invalid } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { Acting } from '../../operators/audit.ts';
import { formatJoinToken, SECRET_BYTES } from '../../trust/joining.ts';
import { anchorFingerprint } from '../../trust/jws.ts';
import { hashSecret, parseAdmission } from '../model.ts';
import { actingFor, hoursAfter, type Registry } from '../registry.ts';
import * as store from '../store/member.ts';
import { change } from './change.ts';
import { refuseLookAlike, reissueOf } from './member.ts';

/**
 * Admits a member's gateway: registers the member and its subsystems, and gives the one-time token it joins with.
 * The token is shown once; only its hash is kept. Throws a Problem (422) for an admission that cannot be.
 */
export async function issueToken(
  registry: Registry,
  admission: unknown,
  now: Date,
  acting: Acting = actingFor(registry, 'registry.token-made', now),
): Promise<string> {
  const { anchor } = registry.keys;
  const parsed = parseAdmission(admission, anchor.instance);
  if (!parsed.ok) throw invalid(parsed.error.detail);
  const { member, server: code, subsystems, approval = 'auto' } = parsed.value;
  const server = `${member.id}/${code}`;
  const secret = registry.random(SECRET_BYTES);
  const work = async (tx: Tx) => {
    await refuseLookAlike(tx, member.id);
    await store.admitMember(tx, parsed.value, now);
    await reissueOf(tx, registry, parsed.value.member, now);
    await store.insertToken(tx, {
      hash: hashSecret(secret),
      server,
      memberId: member.id,
      codes: subsystems.map((subsystem) => subsystem.code),
      issuedAt: now,
      expiresAt: hoursAfter(now, registry.settings.tokenHours),
      approval,
    });
  };
  await change(registry, acting, now, server, work, { approval });
  return formatJoinToken({ server, anchor: anchorFingerprint(anchor), secret });
}
