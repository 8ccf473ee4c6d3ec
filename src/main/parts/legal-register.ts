import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type LegalRegister, parseLegalRegister } from '../../exchange/index.ts';
import { ROOT } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';

const SHIPPED = join(ROOT, 'content', 'legal', 'register.yaml');

/** The texts that agreements may rest on: those that ship, those of the file that is named, or any (`none`). */
export async function readLegalRegister(named: string | undefined): Promise<LegalRegister | undefined> {
  if (named === 'none') return undefined;
  const path = named === undefined ? SHIPPED : resolve(named);
  const source = await readFile(path, 'utf8').catch(() => {
    throw new CommandRefusal(`legalRegister names ${path}, which cannot be read`);
  });
  const register = parseLegalRegister(source);
  if (register.ok) return register.value;
  throw new CommandRefusal(`${path}: ${register.error}`);
}
