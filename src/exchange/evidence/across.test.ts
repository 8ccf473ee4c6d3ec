import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { before, describe, it } from 'node:test';
import {
  AT,
  aGateway,
  anEvidenceFile,
  anExchange,
  anInstance,
  aWorldAcross,
  sealerOf,
} from '../../../test/support/evidence.ts';
import { canonicalJson, LANGUAGES, unwrap } from '../../kernel/index.ts';
import { openWitness } from '../../ledger/index.ts';
import { signJws } from '../trust/jws.ts';
import { resultMarkup, withAnchor, withPolicy } from '../verifier/result.ts';
import type { Anchors } from './anchors.ts';
import { buildEvidence } from './build.ts';
import { judgeEvidence } from './judge.ts';
import { parseEvidence } from './model.ts';
import { verifyEvidence } from './verify.ts';
import { type Policies, parseWitnessPolicy } from './witnesses.ts';
import { describeReport } from './words.ts';

type World = Awaited<ReturnType<typeof aWorldAcross>>;
let world: World;
let bytes: Buffer;
let both: readonly [World['instance']['anchor'], World['instance']['anchor']];

before(async () => {
  world = await aWorldAcross();
  bytes = anEvidenceFile(world);
  both = [world.instance.anchor, world.abroad.anchor];
});

const refusalOf = (given: Uint8Array, anchors: Anchors, policies?: Policies) => {
  const result = verifyEvidence(given, anchors, policies);
  return result.ok ? 'accepted' : `${result.error.step}: ${result.error.detail}`;
};

describe('evidence between members of two instances', () => {
  it('holds by the anchor of each, in either order, whichever party exports it', () => {
    const report = unwrap(verifyEvidence(bytes, both));
    assert.deepEqual([report.consumer.instance, report.provider.instance], ['MA-TEST', 'XX-TEST']);
    assert.equal(report.instance, 'MA-TEST');
    assert.equal(refusalOf(bytes, both.toReversed()), 'accepted');
    const byProvider = buildEvidence({ ...anExchange(world), instance: 'XX-TEST' }, sealerOf(world.provider), AT);
    assert.equal(unwrap(verifyEvidence(byProvider, both)).seal.by, world.provider.statement.server);
  });

  it('is below 20 KB with ledgers of a hundred million entries and long headers', () => {
    const headers = [
      ['wasl-subject', 'AB123456'],
      ['x-road-issue', 'x'.repeat(300)],
    ] as const;
    const large = anEvidenceFile(world, { depth: 27, headers });
    assert.equal(refusalOf(large, both), 'accepted');
    assert.ok(large.length < 20_000, `${large.length} bytes`);
  });

  it('is refused under one anchor, and the missing instance and the remedy are named', () => {
    assert.match(refusalOf(bytes, both[0]), /^anchor: \/provider is of the instance XX-TEST: its anchor is needed too/);
    assert.match(refusalOf(bytes, both[1]), /^anchor: the file is of the instance MA-TEST, the anchor of XX-TEST$/);
    const byProvider = buildEvidence({ ...anExchange(world), instance: 'XX-TEST' }, sealerOf(world.provider), AT);
    assert.match(refusalOf(byProvider, both[1]), /^anchor: \/consumer is of the instance MA-TEST: its anchor/);
  });

  it('is refused under swapped anchors, two of one instance, or the same names of other registries', async () => {
    const [here, there] = both;
    const swapped = [
      { ...there, instance: 'MA-TEST' },
      { ...here, instance: 'XX-TEST' },
    ];
    assert.match(refusalOf(bytes, swapped), /^statements: \/provider\/statement the key .* is not known/);
    assert.match(refusalOf(bytes, [here, { ...here, instance: 'XX-TEST' }]), /^statements: \/provider\/statement/);
    const other = await anInstance('XX-TEST');
    assert.match(
      refusalOf(bytes, [here, there, other.anchor]),
      /^anchor: two different anchors of the instance XX-TEST/,
    );
    assert.equal(refusalOf(bytes, [here, there, there]), 'accepted');
    assert.match(refusalOf(bytes, [here, other.anchor]), /^statements: \/provider/);
  });

  it('lets no registry vouch for a member of the other instance', async () => {
    // The one registry, dishonest, signs a gateway of the other instance's member under its own or the other's name.
    for (const instance of ['MA-TEST', 'XX-TEST']) {
      const posing = { ...world.instance, anchor: { ...world.instance.anchor, instance: 'XX-TEST' } };
      const gateway = await aGateway(posing, 'CIVIL', 'identity');
      const { statement } = gateway;
      const header = JSON.parse(Buffer.from(gateway.jws.split('.')[0] ?? '', 'base64url').toString());
      const jws = signJws(world.instance.signer, 'wasl-gateway', { ...statement, instance }, { ca: header.ca });
      const parts = anExchange({ ...world, provider: { ...gateway, jws } });
      const ca = world.instance.authority.certificate.toString('base64');
      const file = buildEvidence({ ...parts, provider: { ...parts.provider, ca } }, sealerOf(world.consumer), AT);
      assert.match(refusalOf(file, both), /^statements: \/provider\/statement/);
    }
  });

  it('names the instance of who sealed it, and no other', () => {
    const file = buildEvidence({ ...anExchange(world), instance: 'XX-TEST' }, sealerOf(world.consumer), AT);
    assert.match(refusalOf(file, both), /^seal: the file is of the instance XX-TEST, its seal of MA-TEST/);
  });

  it('is refused when any letter or digit of it was changed', () => {
    const text = bytes.toString();
    let tried = 0;
    for (let at = 0; at < text.length; at += process.env['WASL_TEST_LONG'] === '1' ? 1 : 37) {
      const letter = text[at] ?? '';
      if (!/[A-Za-z0-9]/.test(letter)) continue;
      const changed = text.slice(0, at) + (letter === '7' ? '8' : '7') + text.slice(at + 1);
      assert.notEqual(refusalOf(Buffer.from(changed), both), 'accepted', `at ${at}: ${text.slice(at - 9, at + 9)}`);
      tried += 1;
    }
    assert.ok(tried > 100);
  });

  it('is told with the registry that vouches for each gateway, in three languages', () => {
    const report = unwrap(verifyEvidence(bytes, both));
    for (const language of LANGUAGES) {
      const words = describeReport(report, language);
      const [, anchor, statements] = words.steps.map((one) => one.text);
      for (const name of ['MA-TEST', 'XX-TEST']) assert.match(anchor ?? '', new RegExp(name));
      assert.match(statements ?? '', /MA-TEST .*MA-TEST\/GOV\/ADD\/gw1.* XX-TEST .*XX-TEST\/GOV\/CIVIL\/gw1/);
      for (const { text } of words.steps) assert.doesNotMatch(text, /undefined|\[object|NaN/);
    }
  });

  it('is checked on the page with the anchor of each, and a second one of an instance takes the place of the first', async () => {
    const file = { name: 'proof.json', bytes };
    const own = { text: JSON.stringify(both[0]), isOwn: false };
    assert.match(await resultMarkup({ file, anchors: [own] }, 'en'), /XX-TEST: its anchor is needed too/);
    const added = withAnchor([own], { text: JSON.stringify(both[1]), isOwn: true });
    assert.match(
      await resultMarkup({ file, anchors: added }, 'en'),
      /proves that Administration ADD asked Administration CIVIL/,
    );
    const replaced = withAnchor(added, { text: JSON.stringify({ ...both[1], instance: 'MA-TEST' }), isOwn: true });
    assert.equal(replaced.length, 2);
    assert.match(await resultMarkup({ file, anchors: replaced }, 'en'), /proves nothing/);
    // What is no anchor refuses, until another one is given.
    const broken = withAnchor(added, { text: '{', isOwn: true });
    assert.match(await resultMarkup({ file, anchors: broken }, 'en'), /proves nothing/);
    assert.equal(withAnchor(broken, own).length, 2);
    const policy = JSON.stringify({ v: 1, instance: 'MA-TEST', required: 0, witnesses: [] });
    assert.equal(withPolicy([policy], policy).length, 1);
  });
});

describe('witnesses of evidence between two instances', () => {
  const policyOf = (instance: string, required: number, vkeys: readonly string[]) =>
    unwrap(parseWitnessPolicy(canonicalJson({ v: 1, instance, required, witnesses: [...vkeys] })));

  it('are demanded of each half by the policy of its own instance, and of both where of one', () => {
    const witness = openWitness('witness.example/1', generateKeyPairSync('ed25519').privateKey);
    const file = unwrap(parseEvidence(bytes));
    const cosigned = (note: string) => note + witness.cosign(note.slice(0, note.lastIndexOf('\n\n') + 1), AT);
    const { seal: _, ...rest } = file;
    const provider = { ...file.provider, checkpoint: cosigned(file.provider.checkpoint) };
    const stamped = buildEvidence({ ...rest, provider }, sealerOf(world.consumer), AT);
    const [here, there] = [policyOf('MA-TEST', 0, []), policyOf('XX-TEST', 1, [witness.vkey])];
    const report = unwrap(verifyEvidence(stamped, both, [here, there]));
    const { consumer, provider: counted, abroad } = report.witnesses;
    assert.deepEqual([consumer, counted, abroad], [0, 1, { instance: 'XX-TEST', required: 1, known: 1 }]);
    assert.match(describeReport(report, 'en').steps[8]?.text ?? '', /required of each: 0 · XX-TEST 1/);
    assert.match(refusalOf(stamped, both, here), /^witnesses: \/provider is of the instance XX-TEST: a witness policy/);
    assert.match(
      refusalOf(bytes, both, [here, there]),
      /^witnesses: \/provider\/checkpoint .* of 0 known witnesses, 1/,
    );
    assert.match(refusalOf(stamped, both, [here, here]), /^witnesses: two witness policies are of one instance/);
    const texts = both.map((anchor) => JSON.stringify(anchor));
    const result = judgeEvidence(stamped, texts, [JSON.stringify(here), JSON.stringify(there)]);
    assert.equal(result.ok, true);
  });
});

describe('a seal with a later key than the exchange was signed with', () => {
  it('holds by the registry’s statement on that key, of the same gateway and of that time', async () => {
    const again = await aGateway(world.instance, 'ADD', 'portal');
    const vouching = { statement: again.jws };
    const sealed = (sealer: object, at = AT) => buildEvidence(anExchange(world), { ...sealerOf(again), ...sealer }, at);
    assert.match(refusalOf(sealed({}), both), /^seal: the key .* is not known/);
    const report = unwrap(verifyEvidence(sealed({ vouching }), both));
    assert.equal(report.seal.by, world.consumer.statement.server);
    const ca = world.instance.authority.certificate.toString('base64');
    assert.equal(refusalOf(sealed({ vouching: { ...vouching, ca } }), both), 'accepted');
    assert.match(refusalOf(sealed({ vouching: { ...vouching, ca: 'AAA*' } }), both), /^form: /);
    const late = new Date(Date.parse(again.statement.expiresAt) + 1);
    assert.match(refusalOf(sealed({ vouching }, late), both), /^seal: it was made outside the period/);
    const third = await aGateway(world.instance, 'OTHER', 'x');
    const byThird = buildEvidence(anExchange(world), { ...sealerOf(third), vouching: { statement: third.jws } }, AT);
    assert.match(refusalOf(byThird, both), /^seal: \/sealer is no statement on a later key of either party/);
    const needless = { ...sealerOf(world.consumer), vouching: { statement: world.consumer.jws } };
    assert.match(refusalOf(buildEvidence(anExchange(world), needless, AT), both), /^seal: \/sealer is no statement/);
    const elsewhere = await anInstance('MA-TEST');
    const forged = await aGateway(elsewhere, 'ADD', 'portal');
    const byForger = buildEvidence(anExchange(world), { ...sealerOf(forged), vouching: { statement: forged.jws } }, AT);
    assert.match(refusalOf(byForger, both), /^seal: \/sealer is no statement/);
  });
});
