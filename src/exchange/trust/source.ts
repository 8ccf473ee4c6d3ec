import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, err, ok, type Result } from '../../kernel/index.ts';
import { type Log, writeDurably } from '../../platform/index.ts';
import { callRegistry } from './fetch.ts';
import type { ListedGateway, TrustAnchor, TrustList, TrustSource } from './model.ts';
import { listHasExpired, parseTrustList, readTrustList, type TrustRefusal } from './rules.ts';

export type RefreshRefusal = TrustRefusal | { readonly kind: 'unreachable'; readonly detail: string };

/** The trust list that a gateway holds on its disk, and keeps fresh. */
export type TrustStore = TrustSource & {
  /** Asks the registry now. A refusal leaves the held list as it is. Calls that overlap share one answer. */
  refresh(): Promise<Result<TrustList, RefreshRefusal>>;
  close(): Promise<void>;
};

export type TrustStoreOptions = {
  readonly dir: string;
  readonly anchor: TrustAnchor;
  /** Where `/trust-list` is, or a function that gets its text. */
  readonly registry: string | (() => Promise<string>);
  readonly clock: Clock;
  /** 60 unless told. */
  readonly pollSeconds?: number;
  readonly log: Log;
};

type Held = {
  readonly list: TrustList;
  readonly jws: string;
  /** The list without the gateways that have expired one by one, good until `changesAtMs`. */
  usable: TrustList;
  changesAtMs: number;
};

type State = { held: Held | undefined; running: Promise<Result<TrustList, RefreshRefusal>> | undefined };

export const TRUST_LIST_FILE = 'trust-list.jws';

/**
 * Opens the held list and begins to poll. Goes on with what is on the disk while the registry is down, until that
 * expires. Waits for the registry only where there is nothing usable yet, and starts even if it is not there.
 */
export async function openTrustStore(options: TrustStoreOptions): Promise<TrustStore> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const state: State = { held: await readHeld(options), running: undefined };
  const refresh = () => {
    state.running ??= refreshOnce(options, state).finally(() => {
      state.running = undefined;
    });
    return state.running;
  };
  const current: TrustSource['current'] = (now) => usableList(state.held, now);
  if (!current(options.clock()).ok) await refresh();
  const timer = setInterval(refresh, (options.pollSeconds ?? 60) * 1000).unref();
  return {
    current,
    refresh,
    async close() {
      clearInterval(timer);
      await state.running;
    },
  };
}

async function refreshOnce(options: TrustStoreOptions, state: State): Promise<Result<TrustList, RefreshRefusal>> {
  const { dir, anchor, clock, log } = options;
  const fetched = await fetchList(options.registry);
  const accepted = fetched.ok ? accept(fetched.value, anchor, clock(), state.held) : fetched;
  if (!accepted.ok) {
    log.warn('trust.refresh-refused', { ...accepted.error, held: state.held?.list.version ?? 0 });
    return accepted;
  }
  if (accepted.value !== state.held) {
    // On the disk first: after a crash, no version below the one that was acted on may be accepted.
    await writeDurably(join(dir, `${TRUST_LIST_FILE}.new`), join(dir, TRUST_LIST_FILE), accepted.value.jws);
    state.held = accepted.value;
    log.info('trust.refreshed', { version: state.held.list.version, gateways: state.held.list.gateways.length });
  }
  return ok(accepted.value.list);
}

/** The held one itself where nothing has changed: what the network repeats word for word needs no second check. */
function accept(jws: string, anchor: TrustAnchor, now: Date, held: Held | undefined): Result<Held, TrustRefusal> {
  if (held?.jws === jws && !listHasExpired(held.list, now)) return ok(held);
  const parsed = parseTrustList(
    jws,
    anchor,
    now,
    held && { version: held.list.version, jws: held.jws, list: held.list },
  );
  return parsed.ok ? ok(holding(parsed.value, jws)) : parsed;
}

async function fetchList(registry: TrustStoreOptions['registry']): Promise<Result<string, RefreshRefusal>> {
  try {
    if (typeof registry === 'function') return ok(await registry());
    const { status, text } = await callRegistry(registry, '/trust-list');
    return status === 200 ? ok(text) : err({ kind: 'unreachable', detail: `the registry answered ${status}` });
  } catch (cause) {
    return err({ kind: 'unreachable', detail: cause instanceof Error ? cause.message : 'no answer' });
  }
}

/** An expired list is held all the same: it says below which version none may go. */
async function readHeld(options: TrustStoreOptions): Promise<Held | undefined> {
  const path = join(options.dir, TRUST_LIST_FILE);
  const jws = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (jws === undefined) return undefined;
  const list = readTrustList(jws, options.anchor);
  if (list.ok) return holding(list.value, jws);
  options.log.error('trust.held-list-refused', { path, ...list.error });
  return undefined;
}

function holding(list: TrustList, jws: string): Held {
  return { list, jws, usable: list, changesAtMs: nextExpiryMs(list) };
}

function usableList(held: Held | undefined, now: Date): ReturnType<TrustSource['current']> {
  if (held === undefined) return err({ kind: 'none', detail: 'no trust list was received yet' });
  if (listHasExpired(held.list, now)) {
    return err({ kind: 'expired', detail: `the trust list expired at ${held.list.expiresAt}` });
  }
  if (now.getTime() >= held.changesAtMs) {
    const federated = held.list.federated.filter(({ expiresAt }) => Date.parse(expiresAt) > now.getTime());
    held.usable = {
      ...held.list,
      gateways: stillGood(held.list.gateways, now),
      federated: federated.map((one) => ({ ...one, gateways: stillGood(one.gateways, now) })),
    };
    held.changesAtMs = nextExpiryMs(held.usable);
  }
  return ok(held.usable);
}

function stillGood(gateways: readonly ListedGateway[], now: Date): readonly ListedGateway[] {
  return gateways.filter(({ statement }) => Date.parse(statement.expiresAt) > now.getTime());
}

function nextExpiryMs(list: TrustList): number {
  const gateways = [...list.gateways, ...list.federated.flatMap((one) => one.gateways)];
  const ends = [...gateways.map(({ statement }) => statement.expiresAt), ...list.federated.map((one) => one.expiresAt)];
  return ends.reduce((least, end) => Math.min(least, Date.parse(end)), Number.POSITIVE_INFINITY);
}
