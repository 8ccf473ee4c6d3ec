import { resolve } from 'node:path';

/** Options of `./wasl gateway` as they were given, by name. */
export type KeptOptions = Readonly<Record<string, string | readonly string[]>>;
type Values = Readonly<Record<string, unknown>>;

/** Which of them a gateway goes on with. None is a secret; what may hold one is given anew each time. */
const KEPT = {
  'allow-network': 'list',
  'registry-mirror': 'list',
  'tls-key': 'file',
  'tls-cert': 'file',
  'take-keys-seconds': 'text',
  'timestamp-minutes': 'text',
  'archive-dir': 'file',
  'base-url': 'text',
  'drain-seconds': 'text',
  'nats-url': 'address',
  'nats-replicas': 'text',
  'nats-credentials': 'file',
  'otlp-endpoint': 'address',
  'trace-ratio': 'text',
} as const satisfies Readonly<Record<string, 'list' | 'file' | 'text' | 'address'>>;

type Name = keyof typeof KEPT;
const NAMES = Object.keys(KEPT) as readonly Name[];

/** Instead of what was kept, nothing. */
const FORGET = 'none';

/** What to keep from now on: what was given takes the place of what was kept; "none" takes it away. */
export function optionsToKeep(given: Values, kept: KeptOptions = {}): KeptOptions {
  const entries = NAMES.flatMap((name) => {
    const value = given[name] === undefined ? keptOf(kept, name) : keepable(name, given[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The command line is nearest, then the environment (`WASL_ARCHIVE_DIR` for `archive-dir`), then what was kept. */
export function withKeptOptions(
  given: Values,
  kept: KeptOptions = {},
  env: Readonly<Record<string, string | undefined>> = {},
): Values {
  const values: Record<string, unknown> = { ...given };
  for (const name of NAMES) {
    if (isForgotten(given[name])) values[name] = undefined;
    const isSet = env[`WASL_${name.replaceAll('-', '_').toUpperCase()}`] !== undefined;
    if (given[name] === undefined && !isSet) values[name] = keptOf(kept, name);
  }
  return values;
}

function keepable(name: Name, value: unknown): string | readonly string[] | undefined {
  if (isForgotten(value)) return undefined;
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'string') return undefined;
  // The next start may be from another folder.
  if (KEPT[name] === 'file') return resolve(value);
  return KEPT[name] === 'address' && value.includes('@') ? undefined : value;
}

/** The file is the operator's to edit: what is not of its kind there is as good as nothing. */
function keptOf(kept: KeptOptions, name: Name): string | readonly string[] | undefined {
  const value = kept[name];
  if (KEPT[name] !== 'list') return typeof value === 'string' ? value : undefined;
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

function isForgotten(value: unknown): boolean {
  return value === FORGET || (Array.isArray(value) && value.includes(FORGET));
}
