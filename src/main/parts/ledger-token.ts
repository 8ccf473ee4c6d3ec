import { keptLedgerToken, loadGatewayKeys } from '../../exchange/index.ts';
import { type LogSigner, remoteLogSigner } from '../../ledger/index.ts';
import { openTokenKey, parsePkcs11Uri, type TokenKey } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';

/** The ledger's key in a token, opened. */
export type LedgerTokenKey = {
  readonly pkcs11: string;
  readonly signer: (origin: string) => LogSigner;
  close(): Promise<void>;
};

/**
 * Undefined where the key is in the folder. What is given now counts before what the gateway joined with: a module or a
 * PIN's file may have moved. Throws CommandRefusal, one line with its remedy: without its key a gateway cannot keep evidence.
 */
export async function openLedgerToken(dir: string, given: string | undefined): Promise<LedgerTokenKey | undefined> {
  const kept = await keptLedgerToken(dir);
  const uri = given ?? kept?.pkcs11;
  if (uri === undefined) return undefined;
  if (kept === undefined && (await loadGatewayKeys(dir)) !== undefined)
    throw new CommandRefusal(
      'this gateway’s log was begun with the key in its folder, and keeps it; start it without --ledger-pkcs11',
    );
  const parsed = parsePkcs11Uri(uri);
  if (!parsed.ok) throw new CommandRefusal(`--ledger-pkcs11: ${parsed.error}`, 2);
  const key: TokenKey = await openTokenKey(parsed.value).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandRefusal(`the ledger’s key cannot be used: ${why}`);
  });
  return { pkcs11: uri, signer: (origin) => remoteLogSigner(origin, key), close: () => key.close() };
}
