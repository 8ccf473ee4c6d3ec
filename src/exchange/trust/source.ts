import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, err, ok, type Result } from '../../kernel/index.ts';
import { type Log, writeDurably } from '../../platform/index.ts';
import { anchorText, parseAnchor, type TrustAnchor } from './anchor.ts';
import { archiveDropped, findArchivedStatement } from './archive.ts';
import { type FollowRefusal, fetchTagged, fetchUpdates, followKeys } from './follow.ts';
import type { ArchivedStatement, ListedGateway, RefusedList, TrustList, TrustSource } from './model.ts';
import { listHasExpired, readingSteps, trustListSteps } from './rules.ts';
import { inSlices } from './steps.ts';

export type RefreshRefusal = FollowRefusal;

/** The trust list that a gateway holds on its disk, and keeps fresh. */
export type TrustStore = TrustSource & {
  /** The anchor as it stands: the registry's own word on its keys has been followed. */
  anchor(): TrustAnchor;
  /**
   * The statement that vouched for a signing certificate which is in no list any more, with its authority: kept here
   * when a list dropped it, or asked of the registry. Undefined where neither has it.
   */
  archived(keyid: string): Promise<ArchivedStatement | undefined>;
  /** Asks the registry now. A refusal leaves the held list as it is. Calls that overlap share one answer. */
  refresh(): Promise<Result<TrustList, RefreshRefusal>>;
  close(): Promise<void>;
};

export type TrustStoreOptions = {
  readonly dir: string;
  readonly anchor: TrustAnchor;
  /** Where `/trust-list` is, or a function that gets its text. */
  readonly registry: string | (() => Promise<string>);
  /** Where copies of its list are: asked in turn where the registry gives none. Any may, since the list is signed. */
  readonly mirrors?: readonly string[];
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
  /** By what name a registry or a copy of its list gave this very text: it need not send it again. */
  tag: { readonly source: string; readonly etag: string } | undefined;
};

type State = {
  anchor: TrustAnchor;
  held: Held | undefined;
  running: Promise<Result<TrustList, RefreshRefusal>> | undefined;
  refused: RefusedList | undefined;
  readonly refusals: Map<RefusedList['kind'], number>;
};

export const TRUST_LIST_FILE = 'trust-list.jws';

/**
 * Opens the held list and begins to poll. Goes on with what is on the disk while the registry is down, until that
 * expires. Waits for the registry only where there is nothing usable yet, and starts even if it is not there.
 */
export async function openTrustStore(options: TrustStoreOptions): Promise<TrustStore> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const anchor = await readKeptAnchor(options);
  const held = await readHeld(options, anchor);
  const state: State = { anchor, held, running: undefined, refused: undefined, refusals: new Map() };
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
    anchor: () => state.anchor,
    refused: () => state.refused,
    refusals: () => state.refusals,
    archived: (keyid) => findArchivedStatement(options, state.anchor, keyid),
    async close() {
      clearInterval(timer);
      await state.running;
    },
  };
}

async function refreshOnce(options: TrustStoreOptions, state: State): Promise<Result<TrustList, RefreshRefusal>> {
  const { dir, clock, log } = options;
  const before = state.held;
  const accepted = await fetchAnywhere(options, state, clock());
  if (!accepted.ok) {
    const { kind } = accepted.error;
    state.refused = { ...accepted.error, at: clock() };
    state.refusals.set(kind, (state.refusals.get(kind) ?? 0) + 1);
    log.warn('trust.refresh-refused', { ...accepted.error, held: before?.list.version ?? 0 });
    return accepted;
  }
  state.refused = undefined;
  const { held, anchor } = accepted.value;
  if (held !== before) {
    // What the new list drops may still be asked for by evidence of before. First, so that a crash forgets none.
    if (before !== undefined) await archiveDropped(dir, before.list, held.list);
    // On the disk before it is acted on: after a crash, no version below it may be accepted. The anchor goes first: a
    // list on the disk is always one that the anchor beside it knows the key of.
    if (anchor !== state.anchor) await writeDurably(`${keptAnchor(dir)}.new`, keptAnchor(dir), anchorText(anchor));
    await writeDurably(join(dir, `${TRUST_LIST_FILE}.new`), join(dir, TRUST_LIST_FILE), held.jws);
    if (anchor !== state.anchor) log.info('trust.keys-followed', { keys: anchor.keys.length });
    Object.assign(state, { held, anchor });
    log.info('trust.refreshed', { version: held.list.version, gateways: held.list.gateways.length });
  }
  return ok(held.list);
}

type Accepted = { readonly held: Held; readonly anchor: TrustAnchor };

/** The registry's own answer, or that of the first copy that is acceptable. A copy that lags behind changes nothing. */
async function fetchAnywhere(
  options: TrustStoreOptions,
  state: State,
  now: Date,
): Promise<Result<Accepted, RefreshRefusal>> {
  const own = await fetchAndCheck(options.registry, state, now);
  if (own.ok) return own;
  for (const mirror of options.mirrors ?? []) {
    const copied = await fetchAndCheck(mirror, state, now);
    if (!copied.ok) continue;
    if (copied.value.held !== state.held) options.log.info('trust.mirror-used', { mirror, ...own.error });
    return copied;
  }
  return own;
}

async function fetchAndCheck(
  source: TrustStoreOptions['registry'],
  state: State,
  now: Date,
): Promise<Result<Accepted, RefreshRefusal>> {
  const { held } = state;
  const isGood = held !== undefined && !listHasExpired(held.list, now);
  const fetched = await fetchList(source, isGood ? held.tag : undefined);
  if (!fetched.ok) return fetched;
  // The held one itself where nothing has changed: what the network repeats word for word needs no second check.
  if (isGood && (fetched.value === undefined || fetched.value.text === held.jws)) {
    held.tag = tagOf(source, fetched.value?.etag) ?? held.tag;
    return ok({ held, anchor: state.anchor });
  }
  const { text: jws = '', etag = undefined } = fetched.value ?? {};
  const anchor = await followKeys(jws, state.anchor, async () =>
    typeof source === 'string' ? fetchUpdates(source) : ok('[]'),
  );
  if (!anchor.ok) return anchor;
  // Under another anchor nothing that was proved before is taken over.
  const known = held && { version: held.list.version, jws: held.jws };
  const list = anchor.value === state.anchor && held ? { list: held.list } : {};
  const parsed = await inSlices(trustListSteps(jws, anchor.value, now, known && { ...known, ...list }));
  return parsed.ok ? ok({ held: holding(parsed.value, jws, tagOf(source, etag)), anchor: anchor.value }) : parsed;
}

function tagOf(source: TrustStoreOptions['registry'], etag: string | undefined): Held['tag'] {
  return typeof source === 'string' && etag !== undefined && etag.length < 200 ? { source, etag } : undefined;
}

async function fetchList(registry: TrustStoreOptions['registry'], tag: Held['tag']): ReturnType<typeof fetchTagged> {
  if (typeof registry === 'string')
    return fetchTagged(registry, '/trust-list', tag?.source === registry ? tag.etag : undefined);
  try {
    return ok({ text: await registry(), etag: undefined });
  } catch (cause) {
    return err({ kind: 'unreachable', detail: cause instanceof Error ? cause.message : 'no answer' });
  }
}

const keptAnchor = (dir: string): string => join(dir, 'anchor.json');

/** The one beside the list, where it follows from the one that is given; that one may be older. */
async function readKeptAnchor(options: TrustStoreOptions): Promise<TrustAnchor> {
  const text = await readFile(keptAnchor(options.dir), 'utf8').catch(() => undefined);
  const kept = text === undefined ? undefined : parseAnchor(text);
  if (kept?.ok !== true || kept.value.instance !== options.anchor.instance) return options.anchor;
  const knows = new Set(kept.value.keys.map(({ kid }) => kid));
  return options.anchor.keys.every(({ kid }) => knows.has(kid)) ? kept.value : options.anchor;
}

/** An expired list is held all the same: it says below which version none may go. */
async function readHeld(options: TrustStoreOptions, anchor: TrustAnchor): Promise<Held | undefined> {
  const path = join(options.dir, TRUST_LIST_FILE);
  const jws = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (jws === undefined) return undefined;
  const list = await inSlices(readingSteps(jws, anchor));
  if (list.ok) return holding(list.value, jws);
  options.log.error('trust.held-list-refused', { path, ...list.error });
  return undefined;
}

function holding(list: TrustList, jws: string, tag: Held['tag'] = undefined): Held {
  return { list, jws, usable: list, changesAtMs: nextExpiryMs(list), tag };
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
