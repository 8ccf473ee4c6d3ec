import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSimulator, type SimulatedPerson } from '../../identity/index.ts';
import type { LocalText } from '../../kernel/index.ts';
import { type Log, ROOT } from '../../platform/index.ts';
import { keptKey } from './secrets.ts';

/** Who vouches for persons: the simulator here, a national issuer in production. */
export type Issuer = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientKey: KeyObject;
  close(): Promise<void>;
};

const CLIENT_ID = 'wasl-portal';

type DemoPerson = {
  readonly nationalId: string;
  readonly fullName?: { readonly ar: string; readonly fr: string };
  readonly name?: { readonly ar: string; readonly fr: string };
  readonly birthDate: string;
  readonly note?: LocalText;
  readonly demoRole?: { readonly role: 'agent' | 'operator'; readonly office: string; readonly note?: LocalText };
};

export async function demoPeople(): Promise<readonly DemoPerson[]> {
  const file = JSON.parse(await readFile(join(ROOT, 'examples', 'authorities', 'people.json'), 'utf8')) as
    | readonly DemoPerson[]
    | { readonly people: readonly DemoPerson[] };
  return 'people' in file ? file.people : file;
}

export async function startSimulator(options: {
  readonly dir: string;
  readonly host: string;
  readonly port: number;
  readonly mode: 'demonstration' | 'production';
  readonly portalUrl: string;
  readonly log: Log;
}): Promise<Issuer> {
  const { dir, host, port, mode, log } = options;
  const clientKey = await keptKey(join(dir, 'keys'), 'oidc-client', 'p256');
  const people = (await demoPeople()).map(simulated);
  const simulator = await openSimulator({
    mode,
    host,
    port,
    people,
    clientId: CLIENT_ID,
    clientKey,
    redirectUris: [`${options.portalUrl}/auth/callback`],
    folder: join(dir, 'simulator'),
    random: randomBytes,
    log: log.child({ part: 'simulator' }),
  });
  return { issuer: simulator.issuer, clientId: CLIENT_ID, clientKey, close: () => simulator.close() };
}

function simulated(person: DemoPerson): SimulatedPerson {
  const name = person.fullName ?? person.name ?? { ar: person.nationalId, fr: person.nationalId };
  const note = person.note ?? person.demoRole?.note;
  return { nationalId: person.nationalId, name, birthDate: person.birthDate, ...(note === undefined ? {} : { note }) };
}
