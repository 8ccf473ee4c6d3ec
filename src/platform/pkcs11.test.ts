import assert from 'node:assert/strict';
import { randomBytes, verify } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { noSoftHsm, startToken, type TestToken } from '../../test/support/softhsm.ts';
import { unwrap } from '../kernel/index.ts';
import { openTokenKey, TokenRefusal } from './pkcs11-key.ts';
import { parsePkcs11Uri } from './pkcs11-uri.ts';

describe('the name of a key in a token (RFC 7512)', () => {
  it('says token, key, module and where the PIN is', () => {
    const text =
      'pkcs11:token=wasl%20ledger;object=ledger;id=%01%ff?module-path=/usr/lib/x.so&pin-source=file:/etc/wasl/pin';
    assert.deepEqual(unwrap(parsePkcs11Uri(text)), {
      ...{
        modulePath: '/usr/lib/x.so',
        token: 'wasl ledger',
        serial: undefined,
        object: 'ledger',
        pinFile: '/etc/wasl/pin',
      },
      id: Buffer.from([1, 255]),
    });
    assert.ok(parsePkcs11Uri(text.replace('file:/', 'file:///')).ok);
  });

  for (const [text, why] of [
    ['', /it is not pkcs11/],
    ['pkcs11:token=a;object=b', /it is not pkcs11/],
    ['pkcs11:token=a?module-path=/x&pin-source=file:/p', /must name the token and the object/],
    ['pkcs11:token=a;object=b?module-path=x.so&pin-source=file:/p', /module-path/],
    ['pkcs11:token=a;object=b?module-path=/x', /pin-source/],
    ['pkcs11:token=a;object=b?module-path=/x&pin-source=|cat', /pin-source/],
    ['pkcs11:token=a;object=b?module-path=/x&pin-value=1234', /holds the PIN/],
    ['pkcs11:token=a;object=b;slot-id=3?module-path=/x&pin-source=/p', /"slot-id" is not/],
    ['pkcs11:token=a;token=c;object=b?module-path=/x&pin-source=/p', /token twice/],
    ['pkcs11:token=%E0;object=b?module-path=/x&pin-source=/p', /percent-encoding of token/],
    ['pkcs11:token=a;object=b;type=public?module-path=/x&pin-source=/p', /type must be private/],
  ] as const) {
    it(`is refused as ${JSON.stringify(text)}`, () => {
      const parsed = parsePkcs11Uri(text);
      assert.match(parsed.ok ? 'accepted' : parsed.error, why);
      assert.doesNotMatch(parsed.ok ? '' : parsed.error, /1234/, 'the PIN is repeated nowhere');
    });
  }
});

describe('an Ed25519 key in a token of SoftHSM', { skip: noSoftHsm }, () => {
  let token: TestToken;
  const opened = (uri: string) => openTokenKey(unwrap(parsePkcs11Uri(uri)));
  before(async () => {
    token = await startToken();
    await token.makeKey('ledger', '01');
    await token.makeKey('twice', '02');
    await token.makeKey('twice', '03');
  });
  after(() => token.close());

  it('signs what Node verifies, one signature after the other', async () => {
    const key = await opened(token.uri('ledger'));
    const texts = Array.from({ length: 20 }, () => randomBytes(60));
    const signatures = await Promise.all(texts.map((text) => key.sign(text)));
    for (const [nth, text] of texts.entries())
      assert.ok(verify(null, text, key.publicKey, signatures[nth] ?? Buffer.alloc(0)));
    await key.close();
  });

  it('is told from another of its name by its id', async () => {
    await assert.rejects(opened(token.uri('twice')), /several private keys "twice"; add ;id/);
    const [second, third] = [
      await opened(token.uri('twice', { id: '%02' })),
      await opened(token.uri('twice', { id: '%03' })),
    ];
    assert.notDeepEqual(second.publicKey.export({ format: 'jwk' }), third.publicKey.export({ format: 'jwk' }));
    await Promise.all([second.close(), third.close()]);
  });

  it('is refused in one line with the remedy where something is missing', async () => {
    const open = join(token.pinFile, '..', 'open-pin');
    await writeFile(open, '4711');
    await chmod(open, 0o644);
    for (const [uri, why] of [
      [token.uri('nothing'), /has no private Ed25519 key "nothing"; make it with pkcs11-tool/],
      [token.uri('ledger', { token: 'elsewhere' }), /there is no token "elsewhere"; is it plugged in/],
      [token.uri('ledger', { module: '/nowhere/module.so' }), /module \/nowhere\/module.so cannot be loaded/],
      [token.uri('ledger', { pinFile: '/nowhere/pin' }), /file with the PIN, \/nowhere\/pin, is not there/],
      [token.uri('ledger', { pinFile: open }), /can be read by others; run: chmod 600/],
    ] as const) {
      await assert.rejects(opened(uri), (cause: Error) => {
        assert.match(cause.message, why);
        assert.doesNotMatch(cause.message, /\n|4711/);
        return true;
      });
    }
  });

  it('goes on when its session was ended by somebody', async () => {
    const key = await opened(token.uri('ledger'));
    const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as {
      PKCS11: new () => {
        load(path: string): void;
        C_GetSlotList(is: boolean): Buffer[];
        C_CloseAllSessions(slot: Buffer): void;
      };
    };
    const other = new PKCS11();
    other.load(token.modulePath);
    for (const slot of other.C_GetSlotList(true)) other.C_CloseAllSessions(slot);
    assert.equal((await key.sign(Buffer.from('after'))).length, 64);
    await key.close();
  });

  it('refuses while the token is away, and signs again when it is back', async () => {
    const key = await opened(token.uri('ledger'));
    await token.pull();
    for (let nth = 0; nth < 2; nth += 1) await assert.rejects(key.sign(Buffer.from('away')), TokenRefusal);
    await assert.rejects(opened(token.uri('ledger')), /there is no token|does not start|is away/);
    await token.putBack();
    const text = Buffer.from('back');
    assert.ok(verify(null, text, key.publicKey, await key.sign(text)));
    await key.close();
  });

  it('tries a wrong PIN once, since a token locks itself after some', async () => {
    const pinFile = join(token.pinFile, '..', 'changing-pin');
    await writeFile(pinFile, '0000\n', { mode: 0o600 });
    const why = /the PIN in .*changing-pin was refused by the token/;
    await assert.rejects(opened(token.uri('ledger', { pinFile })), why);
    await writeFile(pinFile, '4711\n', { mode: 0o600 });
    const key = await opened(token.uri('ledger', { pinFile }));
    await writeFile(pinFile, '0000\n', { mode: 0o600 });
    await token.pull();
    await assert.rejects(key.sign(Buffer.from('away')), TokenRefusal);
    await token.putBack();
    for (let nth = 0; nth < 5; nth += 1) await assert.rejects(key.sign(Buffer.from('wrong')), why);
    await writeFile(pinFile, '4711\n', { mode: 0o600 });
    assert.equal((await key.sign(Buffer.from('right'))).length, 64);
    await key.close();
  });
});
