import { readFile } from 'node:fs/promises';
import { configFrom, readOptions } from '../options.ts';
import { callApi } from '../parts/operator-call.ts';
import { CommandRefusal, print } from '../terminal.ts';
import { findRegistry } from './registry-request.ts';

/** What the registry keeps, by the word after `list`, and where the API has it. */
const NOUNS: Readonly<Record<string, string>> = {
  members: 'members',
  gateways: 'gateways',
  tokens: 'tokens',
  groups: 'groups',
  certificates: 'certificates',
  authorities: 'authorities',
  witnesses: 'witnesses',
  tsas: 'timestamp-authorities',
  federation: 'federation',
  'trust-list': 'trust-list',
  'witness-policy': 'witness-policy',
};

/** Of which there is one: no ID follows. */
const SINGLE: ReadonlySet<string> = new Set(['trust-list', 'witness-policy']);

export const DIRECTORY_ACTS = ['list', 'get', 'put', 'remove', 'revoke', 'rotate-key', 'publish'];

/** `./wasl registry list|get|put|remove NOUN [ID]`, `revoke CERTIFICATE`, `rotate-key`, `publish`: the API as words. */
export async function registryDirectoryCommand(act: string, args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('registry', args, {
    data: { type: 'string' },
    file: { type: 'string' },
    json: { type: 'string' },
    reason: { type: 'string' },
  });
  const doors = await findRegistry(configFrom({ data: values['data'] }).data);
  const [first = '', id = ''] = positionals;
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => {
    print(JSON.stringify(await callApi<object>(doors, method, `/registry/v1/${path}`, body), null, 2));
    return 0;
  };
  if (act === 'rotate-key') return call('POST', 'keys/rotate', {});
  if (act === 'publish') return call('POST', 'trust-list/publish', {});
  if (act === 'revoke')
    return call('POST', `certificates/${need(first, 'the certificate’s id')}/revoke`, {
      reason: values['reason'] ?? 'unspecified',
    });
  const path = NOUNS[first];
  if (path === undefined) throw new CommandRefusal(`"${first}" is none of ${Object.keys(NOUNS).join(', ')}`, 2);
  if (act === 'list') return call('GET', path);
  const one = SINGLE.has(first) ? path : `${path}/${placeOf(first, need(id, 'which one'))}`;
  if (act === 'get') return call('GET', one);
  if (act === 'remove') return call('DELETE', one);
  return call('PUT', one, await bodyOf(values));
}

/** CLASS/CODE of a member and CLASS/CODE/SERVER of a gateway are steps of the address; a name is one step. */
function placeOf(noun: string, id: string): string {
  const parts = noun === 'members' || noun === 'gateways' ? id.split('/') : [id];
  return parts.map(encodeURIComponent).join('/');
}

function need(given: string, what: string): string {
  if (given === '') throw new CommandRefusal(`say ${what}; see ./wasl help registry`, 2);
  return given;
}

async function bodyOf(values: Readonly<Record<string, string | boolean | undefined>>): Promise<object> {
  const { json, file } = values;
  const text = typeof file === 'string' ? await readFile(file, 'utf8') : json;
  if (typeof text !== 'string') throw new CommandRefusal('--json TEXT or --file FILE is needed', 2);
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new CommandRefusal('what was given is not JSON', 2);
  }
}
