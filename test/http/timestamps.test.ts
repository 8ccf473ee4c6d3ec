import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { formatEvidence, sealContent } from '../../src/exchange/evidence/build.ts';
import { type FailureFile, parseFailure } from '../../src/exchange/evidence/failure-model.ts';
import { type EvidenceFile, parseEvidence } from '../../src/exchange/evidence/model.ts';
import { describeTimestamps } from '../../src/exchange/evidence/timestamp-words.ts';
import { verifyTimestamps } from '../../src/exchange/evidence/timestamps.ts';
import { certificateId, GATEWAY_MIGRATIONS, verifyEvidence, verifyProof } from '../../src/exchange/index.ts';
import { signJws } from '../../src/exchange/trust/jws.ts';
import type { TsaStatement } from '../../src/exchange/trust/timestamp-authority.ts';
import { LANGUAGES, unwrap } from '../../src/kernel/index.ts';
import { evidenceCommand } from '../../src/main/commands/evidence.ts';
import { openForTest } from '../support/database.ts';
import { until } from '../support/events.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange, type TestGateway } from '../support/gateways.ts';
import { startAuthority, type TestAuthority } from '../support/tsa.ts';

const NAME = 'Horodatage national';

/** The registry lists an authority of OpenSSL's, and what two gateways exchanged is stamped by it. */
describe('an exchange whose ledgers are timestamped', () => {
  let all: TestExchange;
  let authority: TestAuthority;
  let exchange: string;
  before(async () => {
    authority = await startAuthority();
    all = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]), {
      witnessIntervalMs: 50,
      timestampIntervalMs: 1000,
    });
    // The test is not about time: a busy machine takes longer than the 400 ms of others.
    const entry = { service: SERVICE, url: all.service.url, timeoutMs: 60_000, enabled: true, notice: '' };
    await all.provider.gateway.rights.addService(entry);
  });
  after(async () => {
    await all.close();
    await authority.close();
  });

  const call = async (): Promise<string> => {
    const answer = await sendRaw(all.consumer.gateway.url, {
      path: `/r1/${SERVICE}/find`,
      headers: [['x-road-client', CLIENT]],
    });
    assert.equal(answer.status, 200);
    return answer.headers['x-road-request-id'] ?? '';
  };
  const ofOperator = async (one: TestGateway, path: string) => {
    const headers = { authorization: `Bearer ${one.token}` };
    return (await (await fetch(`${one.gateway.url}/operator/v1/${path}`, { headers })).json()) as {
      timestamps: { size: number; witnesses: number }[];
      authorities: object[];
    };
  };
  const stampsOf = async (one: TestGateway) => (await ofOperator(one, 'timestamps')).timestamps;
  const anchor = () => all.registry.registry.keys.anchor;
  const fileNow = async () => unwrap(parseEvidence(await all.consumer.gateway.exportEvidence(exchange)));
  const stepOf = async (bytes: Uint8Array, required = false) => {
    unwrap(verifyEvidence(bytes, anchor()));
    const verified = await verifyTimestamps(bytes, anchor(), required);
    return verified.ok ? 'accepted' : verified.error.detail;
  };
  /** The file with other content, sealed again by the consumer: whoever exports may say what he likes. */
  const resealed = ({ seal: _, ...content }: EvidenceFile) => {
    const { signKey } = all.consumer.keys;
    const own = all.consumer.trust.current(new Date());
    const statement = unwrap(own).gateways.find((one) => one.statement.server === all.consumer.server)?.statement;
    const keyid = certificateId(Buffer.from(statement?.signCertificate ?? '', 'base64'));
    return formatEvidence({
      ...content,
      seal: sealContent(content, { server: all.consumer.server, keyid, key: signKey }, new Date()),
    });
  };

  it('has proof without a timestamp while the registry lists no authority, and a verifier may demand one', async () => {
    exchange = await call();
    const bytes = await all.consumer.gateway.exportEvidence(exchange);
    assert.equal(await stepOf(bytes), 'accepted');
    assert.match(await stepOf(bytes, true), /consumer has no timestamp, and one is demanded/);
    assert.equal(authority.asked.length, 0);
  });

  it('is stamped once the registry’s operator has listed one, and the file says before when it was entered', async () => {
    const put = await fetch(
      `${all.registry.server.url}/registry/v1/timestamp-authorities/${encodeURIComponent(NAME)}`,
      {
        method: 'PUT',
        headers: { authorization: `Bearer ${all.registry.operatorToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          url: `${authority.url}rsa`,
          certificate: (await authority.certificate('rsa')).toString('base64'),
        }),
      },
    );
    assert.equal(put.status, 200);
    for (const one of [all.consumer, all.provider]) {
      unwrap(await one.trust.refresh());
      await until('a token on both entries', async () => (await stampsOf(one))[0]?.size === 2, 60_000);
      assert.deepEqual((await ofOperator(one, 'timestamps')).authorities, [{ name: NAME, url: `${authority.url}rsa` }]);
    }
    const bytes = await all.consumer.gateway.exportEvidence(exchange);
    assert.ok(bytes.length < 18_000, `${bytes.length} bytes`);
    unwrap(verifyEvidence(bytes, anchor()));
    const report = unwrap(await verifyTimestamps(bytes, anchor(), true));
    assert.equal(report.provider?.authority, NAME);
    const ago = Date.now() - Date.parse(report.consumer?.before ?? '');
    assert.ok(ago > -10_000 && ago < 120_000, `${ago} ms ago`);
    for (const language of LANGUAGES) assert.match(describeTimestamps(report, language).text, new RegExp(NAME));
  });

  it('bears a token that OpenSSL finds right over the checkpoint in the file', async () => {
    const { consumer, provider } = await fileNow();
    for (const side of [consumer, provider]) {
      const token = Buffer.from(side.timestamp?.token ?? '', 'base64');
      assert.match(await authority.verify(token, Buffer.from(side.checkpoint), 'rsa'), /Verification: OK/);
    }
  });

  it('is not stamped again while nothing moves, and keeps the first token when the log goes on', async () => {
    const first = (await fileNow()).consumer;
    const asked = authority.asked.length;
    await call();
    await until('a token on four entries', async () => (await stampsOf(all.consumer))[0]?.size === 4, 60_000);
    assert.ok(authority.asked.length > asked);
    const again = (await fileNow()).consumer;
    if (first.checkpoint.includes('/witness')) assert.deepEqual(again.timestamp, first.timestamp);
    const metrics = await (await fetch(`${all.consumer.gateway.url}/metrics`)).text();
    assert.match(metrics, /^wasl_timestamp_age_seconds\{[^}]*\} \d/m);
  });

  it('is refused with a token of another tree, of a stranger, or without the registry’s word of that time', async () => {
    const file = await fileNow();
    const stamp = file.consumer.timestamp ?? assert.fail();
    const withStamp = (parts: Partial<typeof stamp>) =>
      stepOf(resealed({ ...file, consumer: { ...file.consumer, timestamp: { ...stamp, ...parts } } }));
    assert.equal(await withStamp({}), 'accepted');
    const theirs = file.provider.timestamp ?? assert.fail();
    assert.deepEqual(theirs.chain, [], 'what both sides would say alike is said once');
    assert.match(await withStamp({ token: theirs.token }), /imprint is of other bytes/);
    assert.match(await withStamp({ token: 'MAA=' }), /not a token/);
    assert.match(await withStamp({ authority: file.consumer.statement }), /not the registry’s word/);
    const { registry } = all.registry;
    const rsa = await authority.certificate('rsa');
    const word = (parts: Partial<TsaStatement>, signer = registry.keys.signer) => {
      const statement: TsaStatement = {
        v: 1,
        instance: anchor().instance,
        name: NAME,
        certificate: certificateId(rsa),
        issuedAt: new Date(Date.now() - 3_600_000).toISOString(),
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        ...parts,
      };
      return signJws(signer, 'wasl-timestamp-authority', statement);
    };
    assert.equal(await withStamp({ authority: word({}) }), 'accepted');
    const forged = { kid: registry.keys.signer.kid, key: all.third.keys.signKey };
    assert.match(
      await withStamp({ authority: word({}, forged) }),
      /not the registry’s word: the signature is not of the key/,
    );
    assert.match(
      await withStamp({ authority: word({}, { ...forged, kid: 'x' }) }),
      /not the registry’s word: the key x is not known/,
    );
    const other = certificateId(await authority.certificate('other'));
    assert.match(
      await withStamp({ authority: word({ certificate: other }) }),
      /neither the one that the registry named/,
    );
    assert.match(await withStamp({ authority: word({ instance: 'OTHER' }) }), /of the instance OTHER/);
    const past = { issuedAt: '2020-01-01T00:00:00.000Z', expiresAt: '2020-01-02T00:00:00.000Z' };
    assert.match(await withStamp({ authority: word(past) }), /outside the time for which the registry vouched/);
  });

  it('is refused when any letter of the timestamp was changed', async () => {
    const text = formatEvidence(await fileNow()).toString();
    const from = text.indexOf('"timestamp"');
    for (let at = from + 40; at < text.indexOf('}', from); at += 97) {
      const letter = text[at] ?? '';
      if (!/[A-Za-z0-9]/.test(letter)) continue;
      const altered = Buffer.from(text.slice(0, at) + (letter === 'a' ? 'b' : 'a') + text.slice(at + 1));
      assert.equal(verifyEvidence(altered, anchor()).ok, false);
    }
  });

  describe('and an exchange that has no answer', () => {
    let dir: string;
    before(async () => {
      dir = await mkdtemp(join(tmpdir(), 'wasl-stamped-failure-'));
      await writeFile(join(dir, 'anchor.json'), JSON.stringify(anchor()));
    });
    after(() => rm(dir, { recursive: true, force: true }));

    /** Sends what is refused, or is not answered, and gives its number once the consumer’s log is stamped over it. */
    const fail = async (fault: RegExp): Promise<string> => {
      const before = (await stampsOf(all.consumer))[0]?.size ?? 0;
      const { gateway, token } = all.consumer;
      const answer = await sendRaw(gateway.url, {
        path: `/r1/${SERVICE}/AB123456`,
        headers: [
          ['x-road-client', CLIENT],
          ['wasl-purpose', 'curiosity'],
        ],
      });
      assert.match(answer.headers['x-road-error'] ?? '', fault);
      await until(
        'a token on both entries',
        async () => ((await stampsOf(all.consumer))[0]?.size ?? 0) >= before + 2,
        60_000,
      );
      const listed = await fetch(`${gateway.url}/operator/v1/exchanges`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { exchanges } = (await listed.json()) as { exchanges: { exchange: string }[] };
      return exchanges[0]?.exchange ?? '';
    };
    const verified = async (bytes: Uint8Array, ...more: readonly string[]): Promise<string> => {
      await writeFile(join(dir, 'proof.json'), bytes);
      const files = ['verify', join(dir, 'proof.json'), '--anchor', join(dir, 'anchor.json')];
      return evidenceCommand([...files, ...more]).then(
        (code) => `code ${code}`,
        (cause: Error) => cause.message,
      );
    };
    const seal = ({ seal: _, ...content }: FailureFile) => resealed(content as unknown as EvidenceFile);

    it('is stamped too: the file says before when each side entered the request and its refusal', async () => {
      const id = await fail(/AccessDenied/);
      await until('the provider’s token', async () => {
        const [own] = await stampsOf(all.provider);
        return (own?.size ?? 0) >= 5;
      });
      const bytes = await all.consumer.gateway.exportEvidence(id);
      assert.ok(bytes.length < 20_000, `${bytes.length} bytes`);
      assert.equal(unwrap(verifyProof(bytes, anchor())).exchange, id);
      const report = unwrap(await verifyTimestamps(bytes, anchor(), true));
      assert.equal(report.outcome, 'refused');
      assert.deepEqual(report.entries.consumer, ['request', 'refusal']);
      assert.deepEqual(report.entries.provider, ['refusal'], 'what is refused at the door is one entry there');
      assert.equal(report.consumer?.authority, NAME);
      assert.equal(report.provider?.authority, NAME);
      const { text } = describeTimestamps(report, 'en');
      assert.match(text, /entries of the request and of what became of it stood in the consumer’s ledger before/);
      assert.match(text, /The entry of what became of the request stood in the provider’s ledger before/);
      assert.equal(await verified(bytes, '--timestamps'), 'code 0');
      // Said once, and a stranger's token is refused whatever the seal says.
      const file = unwrap(parseFailure(bytes));
      const [stamp, theirs] = [file.consumer.timestamp, file.provider?.timestamp];
      assert.deepEqual(theirs?.chain, []);
      const swapped = { ...file.consumer, timestamp: { ...(stamp ?? assert.fail()), token: theirs?.token ?? '' } };
      assert.match(await verified(seal({ ...file, consumer: swapped })), /timestamps: .*imprint is of other bytes/);
      const { timestamp: __, ...bare } = file.consumer;
      const without = seal({ ...file, consumer: bare });
      assert.match(await verified(without, '--timestamps'), /consumer has no timestamp, and one is demanded/);
    });

    it('proves when a gateway entered that nobody answered, and never that nobody did', async () => {
      await all.provider.close();
      Object.assign(all.provider, { close: async () => {} });
      const bytes = await all.consumer.gateway.exportEvidence(await fail(/NetworkError/));
      const file = unwrap(parseFailure(bytes));
      assert.equal(file.provider, undefined);
      // The side that is not in the file is demanded of nobody.
      const report = unwrap(await verifyTimestamps(bytes, anchor(), true));
      assert.equal(report.outcome, 'unanswered');
      assert.equal(report.consumer?.authority, NAME);
      for (const language of LANGUAGES) assert.match(describeTimestamps(report, language).text, new RegExp(NAME));
      const { text } = describeTimestamps(report, 'en');
      assert.match(text, /provider’s ledger is not in this file/);
      assert.match(text, /does not prove that no answer came/);
      assert.equal(await verified(bytes, '--timestamps'), 'code 0');
    });
  });
});
