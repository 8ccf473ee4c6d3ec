import { draftersOf } from '../../agreement/service/drafters.ts';
import { listUndelivered } from '../../agreement/store/delivery.ts';
import { listSignatures } from '../../agreement/store/signature.ts';
import { type Agreement, GROUP } from '../../message/agreement.ts';
import type { ConsoleDeps } from '../deps.ts';
import type { SigningView } from '../pages/signing.ts';

/** What the page of an agreement of ours says about its signatures, read now. */
export async function readSigning({ context }: ConsoleDeps, agreement: Agreement): Promise<SigningView> {
  const { read } = context.db;
  const { id, version } = agreement;
  const signatures = await listSignatures(read, id, version);
  const signedAt = (party: 'provider' | 'client') => signatures.find((one) => one.party === party)?.signedAt;
  const sending = (await listUndelivered(read)).find(
    (one) => one.agreement === id && one.version === version && one.kind === 'offer',
  );
  return {
    provider: signedAt('provider'),
    client: signedAt('client'),
    isWithGroup: agreement.client.startsWith(GROUP),
    sending: sending && {
      tries: sending.tries,
      dueAt: sending.dueAt,
      isRefused: sending.refusedAt !== null,
      refusal: sending.refusal,
    },
    drafters: await draftersOf(read, id, version),
  };
}
