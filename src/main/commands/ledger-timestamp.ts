import { X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TimestampFacts } from '../../exchange/index.ts';
import { print } from '../terminal.ts';

/** The bytes that were stamped, the token and its certificates, each as a file, and the line that checks them. */
export async function writeTimestamp(stamp: TimestampFacts, dir: string): Promise<number> {
  await mkdir(dir, { recursive: true });
  const file = (ending: string) => join(dir, `${stamp.size}.${ending}`);
  const pem = (base64: string) => new X509Certificate(Buffer.from(base64, 'base64')).toString();
  const chain = stamp.path.slice(0, -1);
  await writeFile(file('checkpoint'), stamp.checkpoint);
  await writeFile(file('tst'), Buffer.from(stamp.token, 'base64'));
  await writeFile(file('authority.pem'), pem(stamp.path.at(-1) ?? ''));
  if (chain.length > 0) await writeFile(file('chain.pem'), chain.map(pem).join(''));
  print(`${stamp.size} entries before ${stamp.beforeAt}, according to ${stamp.authority}: check it with`);
  const untrusted = chain.length > 0 ? ` -untrusted ${file('chain.pem')}` : '';
  print(
    `openssl ts -verify -data ${file('checkpoint')} -in ${file('tst')} -token_in -partial_chain -CAfile ${file('authority.pem')}${untrusted}`,
  );
  return 0;
}
