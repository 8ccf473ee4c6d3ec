import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../platform/index.ts';

const RECIPIENTS = 'archive-recipients.txt';
const IDENTITY = 'archive-identity.txt';

/** Names the recipients of new bodies at the moment of sealing: who changes the file changes what follows. */
export type Recipients = () => Promise<readonly string[]>;

export const recipientsPath = (dir: string): string => join(dir, RECIPIENTS);
export const identityPath = (dir: string): string => join(dir, IDENTITY);

/** As age's own recipients file: one a line, `#` before a remark. */
export function parseRecipients(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * The recipients in the data folder. Where there are none yet, a demonstration makes itself an identity at the first body
 * and keeps it beside them; in production somebody who is not this process must hold it, so that none is made.
 */
export function recipientsIn(dir: string, makesIdentity: boolean): Recipients {
  let making: Promise<readonly string[]> | undefined;
  return async () => {
    const text = await readText(recipientsPath(dir));
    if (text !== undefined) return parseRecipients(text);
    if (!makesIdentity)
      throw new Error(`${recipientsPath(dir)} is not there: make a key with ./wasl gateway archive key --out FILE`);
    // Two bodies at once must not make two: the one that is written over would be lost, and with it what it can open.
    making ??= makeIdentity(dir, identityPath(dir));
    return making;
  };
}

/** The secret first: a crash between leaves a key that nothing was sealed for. */
export async function makeIdentity(dir: string, file: string): Promise<readonly string[]> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  await writeDurably(`${file}.new`, file, `# public key: ${recipient}\n${identity}\n`);
  await writeDurably(`${recipientsPath(dir)}.new`, recipientsPath(dir), `${recipient}\n`);
  return [recipient];
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
