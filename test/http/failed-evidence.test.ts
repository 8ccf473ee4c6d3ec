import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { formatEvidence, sealContent } from '../../src/exchange/evidence/build.ts';
import { type FailureFile, parseFailure } from '../../src/exchange/evidence/failure-model.ts';
import type { FailureReport } from '../../src/exchange/evidence/failure-report.ts';
import { verifyTimestamps } from '../../src/exchange/evidence/timestamps.ts';
import { describeProof, GATEWAY_MIGRATIONS, isFailure, verifyProof } from '../../src/exchange/index.ts';
import { certificateId } from '../../src/exchange/trust/certificate.ts';
import { LANGUAGES, unwrap } from '../../src/kernel/index.ts';
import { openForTest } from '../support/database.ts';
import { CLIENT, SERVICE, sendRaw, startExchange, type TestExchange, type TestGateway } from '../support/gateways.ts';

/** What can be proved of an exchange that was refused, or that nobody answered, and what cannot. */
describe('evidence of an exchange without answer', () => {
  let exchange: TestExchange;
  const headers = [['x-road-client', CLIENT]] as const;
  const ids = { answered: '', atTheDoor: '', afterwards: '', away: '' };

  before(async () => {
    exchange = await startExchange(() => openForTest(['exchange-registry', ...GATEWAY_MIGRATIONS]));
    ids.answered = await send('/one', [], 200);
    ids.atTheDoor = await send('/AB123456', [['wasl-purpose', 'curiosity']], 403);
    ids.afterwards = await send('/cut', [], 502);
  });
  after(async () => {
    await exchange.close();
  });

  /** Sends it and gives its number, which a refused client is not told: the newest of the gateway's. */
  async function send(path: string, more: readonly (readonly [string, string])[], status: number): Promise<string> {
    const { gateway, token } = exchange.consumer;
    const answer = await sendRaw(gateway.url, { path: `/r1/${SERVICE}${path}`, headers: [...headers, ...more] });
    assert.equal(answer.status >= 400, status >= 400, answer.text);
    const listed = await fetch(`${gateway.url}/operator/v1/exchanges`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { exchanges } = (await listed.json()) as { exchanges: { exchange: string }[] };
    return exchanges[0]?.exchange ?? '';
  }
  const anchor = () => exchange.registry.registry.keys.anchor;
  const reportOf = (bytes: Uint8Array): FailureReport => {
    const report = unwrap(verifyProof(bytes, anchor()));
    if (!isFailure(report)) throw new Error('it was answered');
    return report;
  };
  const exported = (from: TestGateway, id: string) => from.gateway.exportEvidence(id);
  const fileOf = async (from: TestGateway, id: string) => unwrap(parseFailure(await exported(from, id)));
  const resealed = (by: TestGateway, { seal: _, ...content }: FailureFile) => {
    const statement = unwrap(by.trust.current(new Date())).gateways.find((one) => one.statement.server === by.server);
    const keyid = certificateId(Buffer.from(statement?.statement.signCertificate ?? '', 'base64'));
    const sealer = { server: by.server, keyid, key: by.keys.signKey };
    return formatEvidence({ ...content, seal: sealContent(content, sealer, new Date()) });
  };
  const refusalOf = (bytes: Uint8Array) => {
    const result = verifyProof(bytes, anchor());
    return result.ok ? 'accepted' : `${result.error.step}: ${result.error.detail}`;
  };

  it('proves to either side that it was refused at the door, by the provider’s own signature and ledger', async () => {
    const byConsumer = reportOf(await exported(exchange.consumer, ids.atTheDoor));
    assert.equal(byConsumer.outcome, 'refused');
    assert.equal(byConsumer.client, CLIENT);
    assert.equal(byConsumer.service, SERVICE);
    assert.equal(byConsumer.purpose, 'curiosity');
    assert.equal(byConsumer.refusal?.status, 403);
    assert.deepEqual(byConsumer.proved, [
      'asked',
      'asked-entered',
      'received',
      'refused',
      'refusal-entered',
      'refusal-arrived',
    ]);
    assert.deepEqual(byConsumer.notProved, []);
    const byProvider = reportOf(await exported(exchange.provider, ids.atTheDoor));
    assert.deepEqual(byProvider.proved, byConsumer.proved);
    assert.equal(byProvider.seal.by, exchange.provider.server);
    assert.equal(byProvider.personalData, true);
  });

  it('proves that a message that was let in failed behind the provider’s gateway', async () => {
    const report = reportOf(await exported(exchange.consumer, ids.afterwards));
    assert.equal(report.outcome, 'refused');
    assert.ok(report.provider?.request !== undefined && report.provider.refusal !== undefined);
    assert.deepEqual(report.notProved, []);
  });

  it('leaves answered exchanges as they were', async () => {
    const bytes = await exported(exchange.consumer, ids.answered);
    assert.match(bytes.toString(), /"format":"wasl-evidence\/1"/);
    assert.equal(isFailure(unwrap(verifyProof(bytes, anchor()))), false);
  });

  it('is not refused for timestamps that it does not bear, unless they are demanded', async () => {
    for (const id of [ids.atTheDoor, ids.afterwards]) {
      const bytes = await exported(exchange.consumer, id);
      const { consumer, provider } = unwrap(await verifyTimestamps(bytes, anchor(), false));
      assert.deepEqual([consumer, provider], [undefined, undefined]);
      const demanded = await verifyTimestamps(bytes, anchor(), true);
      assert.match(demanded.ok ? '' : demanded.error.detail, /\/consumer has no timestamp, and one is demanded/);
    }
  });

  it('is below 20 KB, and refused when any letter or digit of it was changed', async () => {
    for (const [from, id] of [
      [exchange.consumer, ids.atTheDoor],
      [exchange.provider, ids.afterwards],
    ] as const) {
      const text = (await exported(from, id)).toString();
      assert.ok(text.length < 20_000, `${text.length} bytes`);
      let tried = 0;
      for (let at = 0; at < text.length; at += process.env['WASL_TEST_LONG'] === '1' ? 1 : 53) {
        const letter = text[at] ?? '';
        if (!/[A-Za-z0-9]/.test(letter)) continue;
        const changed = text.slice(0, at) + (letter === '7' ? '8' : '7') + text.slice(at + 1);
        assert.equal(verifyProof(Buffer.from(changed), anchor()).ok, false, `at ${at}: ${text.slice(at - 9, at + 9)}`);
        tried += 1;
      }
      assert.ok(tried > 100);
    }
  });

  it('proves less, never more, when a dishonest party leaves parts out and seals the rest again', async () => {
    const { consumer } = exchange;
    const file = await fileOf(consumer, ids.atTheDoor);
    const { refusal: _, provider, ...withoutAnswer } = file;
    const alone = { ...withoutAnswer, consumer: omit(file.consumer, 'refusal') };
    const report = reportOf(resealed(consumer, alone));
    assert.equal(report.outcome, 'unanswered');
    assert.deepEqual(report.proved, ['asked', 'asked-entered']);
    assert.deepEqual(report.notProved, ['received', 'refused', 'unanswered-entered']);
    // Its own entry commits to the provider's signed refusal: it cannot be shown as one of no answer.
    assert.match(refusalOf(resealed(consumer, withoutAnswer)), /^records: \/consumer\/refusal\/leaf commitment/);
    // Nor can the provider be named where it signed nothing, or a refusal stand without who signed it.
    const named = { statement: provider?.statement ?? '', ca: provider?.ca ?? '' };
    assert.match(refusalOf(resealed(consumer, { ...alone, provider: named })), /^form: \/provider/);
    const { provider: __, ...unsigned } = file;
    assert.match(refusalOf(resealed(consumer, unsigned)), /^form: \/refusal/);
  });

  it('takes no part of another exchange, of another party, or of an answer for a refusal', async () => {
    const { consumer, provider } = exchange;
    const [door, later] = [await fileOf(consumer, ids.atTheDoor), await fileOf(consumer, ids.afterwards)];
    const refusalElsewhere = later.refusal === undefined ? door : { ...door, refusal: later.refusal };
    assert.match(refusalOf(resealed(consumer, refusalElsewhere)), /^response: .*expected/);
    const elsewhere = later.provider === undefined ? door : { ...door, provider: later.provider };
    assert.match(refusalOf(resealed(consumer, elsewhere)), /^records: \/provider/);
    const answered = JSON.parse((await exported(consumer, ids.answered)).toString()) as {
      request: FailureFile['request'];
      response: NonNullable<FailureFile['refusal']>;
    };
    const asRefused = { ...door, exchange: ids.answered, request: answered.request, refusal: answered.response };
    assert.match(refusalOf(resealed(consumer, { ...asRefused, personalData: true })), /^(request|response): /);
    const swapped = { ...door, consumer: door.provider ?? door.consumer };
    assert.match(refusalOf(resealed(provider, swapped)), /^request: signed with the key/);
    const third = { ...door, seal: '' };
    assert.match(refusalOf(resealed(exchange.third, third)), /^seal: /);
  });

  it('is told in three languages with what is not proved', async () => {
    const report = reportOf(await exported(exchange.consumer, ids.atTheDoor));
    for (const language of LANGUAGES) {
      const words = describeProof(report, language);
      for (const text of [words.headline, words.note, ...words.steps.map((one) => one.text)])
        assert.doesNotMatch(text, /undefined|\[object|NaN/);
      assert.equal(words.claims?.[0]?.items.length, 6);
    }
  });

  it('lists refused exchanges of a period beside answered ones, each once', async () => {
    const { gateway, token } = exchange.consumer;
    const query = new URLSearchParams({ from: '2020-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' });
    const answer = await fetch(`${gateway.url}/operator/v1/evidence?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { exchanges } = (await answer.json()) as { exchanges: { exchange: string; outcome: string }[] };
    assert.deepEqual(
      exchanges.map((one) => [one.exchange, one.outcome]),
      [
        [ids.answered, 'answered'],
        [ids.atTheDoor, 'refused'],
        [ids.afterwards, 'refused'],
      ],
    );
  });

  it('proves one-sidedly what was asked when the provider’s gateway is away, and says that this is all', async () => {
    await exchange.provider.close();
    Object.assign(exchange.provider, { close: async () => {} });
    ids.away = await send('/two', [], 503);
    const bytes = await exported(exchange.consumer, ids.away);
    const file = unwrap(parseFailure(bytes));
    assert.equal(file.provider, undefined);
    const report = reportOf(bytes);
    assert.equal(report.outcome, 'unanswered');
    assert.equal(report.fault, 'peer-unreachable');
    assert.deepEqual(report.proved, ['asked', 'asked-entered', 'unanswered-entered']);
    assert.deepEqual(report.notProved, ['received', 'refused']);
    const words = describeProof(report, 'en');
    assert.match(words.headline, /signed a request to MA-TEST\/GOV\/DGSN\. It holds no answer/);
    assert.match(words.note, /^No file proves that there was no answer/);
    // What was refused before is still proved, with the provider named by its signature and without its ledger.
    const refused = reportOf(await exported(exchange.consumer, ids.atTheDoor));
    assert.equal(refused.outcome, 'refused');
    assert.equal(refused.provider?.ledger, undefined);
    assert.deepEqual(refused.notProved, ['refusal-entered']);
  });
});

function omit<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}
