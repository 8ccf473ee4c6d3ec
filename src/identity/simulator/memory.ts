import type { Adapter, AdapterPayload } from 'oidc-provider';

type Kept = { readonly payload: AdapterPayload; readonly expiresAt: number };

/**
 * What the provider remembers, in memory: a restart ends the sign-ins that have begun and nothing else, since the
 * portal's sessions are its own. Bounded, so that nobody fills it: the oldest go first.
 */
export function memoryAdapter(now: () => number, maxEntries = 10_000): (model: string) => Adapter {
  const kept = new Map<string, Kept>();
  const find = (key: string) => {
    const found = kept.get(key);
    if (found === undefined || found.expiresAt > now()) return found?.payload;
    kept.delete(key);
    return undefined;
  };
  const keep = (key: string, payload: AdapterPayload, seconds: number) => {
    kept.delete(key);
    kept.set(key, { payload, expiresAt: now() + seconds * 1000 });
    for (const oldest of kept.keys()) {
      if (kept.size <= maxEntries) break;
      kept.delete(oldest);
    }
  };
  const ONE_HOUR = 3600;
  return (model) => ({
    async upsert(id, payload, expiresIn) {
      keep(`${model}:${id}`, payload, expiresIn ?? ONE_HOUR);
    },
    find: async (id) => find(`${model}:${id}`),
    // The two flows that ask by these (device codes, session management) are switched off.
    findByUserCode: async () => undefined,
    async findByUid(uid) {
      const entries = [...kept].filter(([key, { payload }]) => key.startsWith(`${model}:`) && payload.uid === uid);
      return entries.map(([key]) => find(key))[0];
    },
    async consume(id) {
      const payload = find(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(now() / 1000);
    },
    async destroy(id) {
      kept.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
    },
  });
}
