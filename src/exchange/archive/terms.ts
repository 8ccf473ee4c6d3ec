import type { Database } from '../../platform/index.ts';
import { decide } from '../message/agreement.ts';
import type { SignedTerms } from './model.ts';
import { listSignedTerms, putSignedTerm, removeSignedTerm } from './store.ts';

const RELOAD_MS = 2_000;

export async function openSignedTerms(db: Database): Promise<SignedTerms> {
  const load = async () =>
    Map.groupBy(
      (await listSignedTerms(db.read)).map(
        ({ provider, document }) => ({ provider, agreement: { ...document, status: 'active' } }) as const,
      ),
      ({ agreement }) => agreement.service,
    );
  let held = await load();
  const reload = async () => {
    held = await load();
  };
  // Another process of this member may have signed.
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  return {
    covering(provider, service, input, now) {
      const some = held.get(service)?.filter((one) => one.provider === provider);
      if (some === undefined || some.length === 0) return undefined;
      const agreements = some.map((one) => one.agreement);
      const decision = decide(input(), agreements, now);
      return decision.ok ? decision.value.agreement : undefined;
    },
    async note(tx, provider, document) {
      const by = document.terms?.archive?.by ?? 'provider';
      if (by === 'provider') await removeSignedTerm(tx, provider, document);
      else await putSignedTerm(tx, provider, document);
    },
    reload,
    close: () => clearInterval(timer),
  };
}
