import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  AT,
  aGateway,
  anEvidenceFile,
  anExchange,
  anInstance,
  aWorld,
  sealerOf,
  type World,
} from '../../../test/support/evidence.ts';
import { canonicalJson, type Json, LANGUAGES, unwrap } from '../../kernel/index.ts';
import { openWitness } from '../../ledger/index.ts';
import { buildEvidence, formatEvidence, sealContent } from './build.ts';
import { type EvidenceFile, parseEvidence } from './model.ts';
import { EVIDENCE_STEPS } from './report.ts';
import { verifyEvidence } from './verify.ts';
import { parseWitnessPolicy } from './witnesses.ts';
import { describeRefusal, describeReport } from './words.ts';

let world: World;
let bytes: Buffer;
let file: EvidenceFile;

before(async () => {
  world = await aWorld();
  bytes = anEvidenceFile(world);
  file = unwrap(parseEvidence(bytes));
});

const stepOf = (given: Uint8Array, anchor = world.instance.anchor) => {
  const result = verifyEvidence(given, anchor);
  return result.ok ? 'accepted' : result.error.step;
};
/** The file with other content, sealed again by a party: the seal holds, so another step must refuse. */
const resealed = (content: EvidenceFile) => {
  const { seal: _, ...rest } = content;
  return formatEvidence({ ...rest, seal: sealContent(rest, sealerOf(world.consumer), AT) });
};
const refusalOf = (given: Uint8Array) => {
  const result = verifyEvidence(given, world.instance.anchor);
  assert.equal(result.ok, false);
  return result.ok ? '' : `${result.error.step}: ${result.error.detail}`;
};

describe('a file of evidence', () => {
  it('proves who asked whom for what, when, under which agreement and purpose', () => {
    const report = unwrap(verifyEvidence(bytes, world.instance.anchor));
    assert.equal(report.client, 'MA-TEST/GOV/ADD/portal');
    assert.equal(report.service, 'MA-TEST/GOV/DGSN/identity/persons');
    assert.equal(report.purpose, 'residence-certificate');
    assert.equal(report.agreement, 'agr-residence-identity');
    assert.equal(report.requestedAt, AT.toISOString());
    assert.equal(report.status, 200);
    assert.equal(report.consumer.server, 'MA-TEST/GOV/ADD/gw1');
    assert.equal(report.provider.ledger.name, 'MA-TEST/GOV/DGSN/gw1');
    assert.equal(report.provider.response.index, report.provider.request.index + 1);
    assert.equal(report.seal.by, 'MA-TEST/GOV/ADD/gw1');
  });

  it('is below 20 KB with ledgers of a hundred million entries and long headers', () => {
    const headers = [
      ['wasl-subject', 'AB123456'],
      ['x-road-userid', 'MA12345678901'],
      ['x-road-issue', 'x'.repeat(300)],
    ] as const;
    const large = anEvidenceFile(world, { depth: 27, headers });
    assert.equal(stepOf(large), 'accepted');
    assert.ok(large.length < 20_000, `${large.length} bytes`);
  });

  it('may carry a timestamp on a side, of base64 and no more than one', () => {
    const consumer = { ...file.consumer, timestamp: { token: 'AAAA', authority: world.consumer.jws, chain: [] } };
    assert.equal(stepOf(resealed({ ...file, consumer })), 'accepted');
    const wrong = { ...consumer, timestamp: { ...consumer.timestamp, token: 'AAA*' } };
    assert.equal(stepOf(resealed({ ...file, consumer: wrong })), 'form');
  });

  it('says that it holds personal data when a header or the address names a person', () => {
    const service = `${world.provider.statement.address}/r1/MA-TEST/GOV/DGSN/identity/persons`;
    for (const [headers, target, expected] of [
      [[['wasl-subject', 'AB123456']], service, true],
      [[['x-road-userid', 'MA1']], service, true],
      [[], `${service}/AB123456`, true],
      [[], `${service}?id=AB123456`, true],
      [[], service, false],
    ] as const) {
      const made = anEvidenceFile(world, { headers, target });
      assert.equal(unwrap(verifyEvidence(made, world.instance.anchor)).personalData, expected);
    }
    assert.match(refusalOf(resealed({ ...file, personalData: false })), /^request: personalData/);
  });

  it('is told in three languages, step by step, each with its own words', () => {
    const report = unwrap(verifyEvidence(bytes, world.instance.anchor));
    const told = LANGUAGES.map((language) => describeReport(report, language));
    for (const [at, words] of told.entries()) {
      assert.deepEqual(
        words.steps.map(({ step }) => step),
        EVIDENCE_STEPS,
      );
      const texts = [words.headline, words.note, ...words.steps.flatMap(({ name, text }) => [name, text])];
      assert.equal(new Set(texts).size, texts.length);
      for (const text of texts) assert.doesNotMatch(text, /undefined|\[object|NaN/);
      if (LANGUAGES[at] === 'ar') assert.ok(texts.every((text) => /[\u0600-\u06ff]/.test(text)));
    }
    assert.match(told[2]?.steps[4]?.text ?? '', /MA-TEST\/GOV\/ADD\/portal asked for .*persons for the purpose/);
    for (const step of EVIDENCE_STEPS) {
      const [a, f, e] = LANGUAGES.map((language) => describeRefusal({ step, detail: 'why' }, language));
      assert.equal(new Set([a?.steps[0]?.text, f?.steps[0]?.text, e?.steps[0]?.text]).size, 3);
      assert.match(e?.note ?? '', /why/);
    }
  });

  it('may be sealed by either party, and by nobody else', async () => {
    assert.equal(stepOf(buildEvidence(anExchange(world), sealerOf(world.provider), AT)), 'accepted');
    const stranger = await aGateway(world.instance, 'OTHER', 'x');
    assert.equal(stepOf(buildEvidence(anExchange(world), sealerOf(stranger), AT)), 'seal');
    const liar = { ...sealerOf(world.consumer), server: world.provider.statement.server };
    assert.match(refusalOf(buildEvidence(anExchange(world), liar, AT)), /^seal: the seal is of .*DGSN/);
  });
});

describe('an altered file', () => {
  // Every position in the long run; a stride that meets all parts of the file in the short one.
  const isLong = process.env['WASL_TEST_LONG'] === '1';
  const positions = function* (text: string, stride: number) {
    for (let at = 0; at < text.length; at += isLong ? 1 : stride) {
      if (/[A-Za-z0-9]/.test(text[at] ?? '')) yield at;
    }
  };
  const splice = (text: string, at: number, length: number, put: string) =>
    Buffer.from(text.slice(0, at) + put + text.slice(at + length));
  const otherLetter = (c: string) =>
    /[0-9]/.test(c) ? String((Number(c) + 1) % 10) : c === 'a' || c === 'A' ? 'b' : 'a';
  const otherCase = (c: string) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase());

  it('is refused when any single letter or digit was changed', () => {
    const text = bytes.toString();
    let tried = 0;
    for (const at of positions(text, 13)) {
      tried += 1;
      const put = otherLetter(text[at] ?? '');
      if (stepOf(splice(text, at, 1, put)) === 'accepted')
        assert.fail(`accepted with "${put}" at ${at}: ${text.slice(at - 20, at + 20)}`);
    }
    assert.ok(tried > 500, `${tried} changes were tried`);
  });

  it('is refused when any single letter changed its case', () => {
    const text = bytes.toString();
    for (const at of positions(text, 29)) {
      const put = otherCase(text[at] ?? '');
      if (put !== text[at]) assert.notEqual(stepOf(splice(text, at, 1, put)), 'accepted', `at ${at}`);
    }
  });

  it('is refused when a character is missing, doubled, or swapped with the next', () => {
    const text = bytes.toString();
    for (const at of positions(text, 41)) {
      const [here = '', next = ''] = [text[at], text[at + 1]];
      assert.notEqual(stepOf(splice(text, at, 1, '')), 'accepted', `missing at ${at}`);
      assert.notEqual(stepOf(splice(text, at, 1, here + here)), 'accepted', `doubled at ${at}`);
      if (here !== next) assert.notEqual(stepOf(splice(text, at, 2, next + here)), 'accepted', `swapped at ${at}`);
    }
  });

  it('is refused even when a dishonest party seals the changed content again', () => {
    const strings = stringsOf(file as unknown as Json, []).filter(({ path }) => path[0] !== 'seal');
    assert.ok(strings.length > 30, `${strings.length} texts`);
    for (const { path, value } of strings) {
      for (const at of positions(value, 61)) {
        const changed = value.slice(0, at) + otherLetter(value[at] ?? '') + value.slice(at + 1);
        const content = withValue(file as unknown as Json, path, changed) as unknown as EvidenceFile;
        // What is not even of the form needs no seal to be refused.
        assert.notEqual(stepOf(resealed(content)), 'accepted', `${path.join('/')} at ${at}`);
      }
    }
  });

  it('is refused, and never throws, whatever stands in place of a text or a number', () => {
    const places = leavesOf(file as unknown as Json, []).filter(({ path }) => path[0] !== 'seal');
    const anything = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.integer(),
      fc.constantFrom(...places.map((one) => one.value)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, ({ path, value }, put) => {
        fc.pre(put !== value && (typeof put !== 'string' || put.isWellFormed()));
        const content = withValue(file as unknown as Json, path, put) as unknown as EvidenceFile;
        assert.notEqual(stepOf(resealed(content)), 'accepted', `${path.join('/')} = ${put}`);
      }),
      { numRuns: isLong ? 5000 : 300 },
    );
  });

  it('is refused when it is not spelled as this content is spelled', () => {
    const text = bytes.toString();
    const pretty = `${JSON.stringify(file, null, 2)}\n`;
    const { format, ...rest } = file;
    const cases: readonly (string | Buffer)[] = [
      pretty,
      `${JSON.stringify({ format, ...rest })}\n`,
      text.trimEnd(),
      `${text}\n`,
      ` ${text}`,
      `\ufeff${text}`,
      text.replace('\n', '\r\n'),
      text.replace('"MA-TEST"', '"\\u004dA-TEST"'),
      text.replace('{', '{"format":"wasl-evidence/1",'),
      text.replace('{', '{"a":1,'),
      text.replace('{', '{"__proto__":{},'),
      Buffer.concat([bytes.subarray(0, 100), Buffer.of(0xff), bytes.subarray(100)]),
      '',
      '\n',
      'null\n',
      '[]\n',
      '{}\n',
      `${'['.repeat(10_000)}\n`,
      'x'.repeat(300_000),
    ];
    for (const given of cases) assert.equal(stepOf(Buffer.from(given)), 'form', String(given).slice(0, 60));
  });

  it('is refused when a member is missing, of another kind, or one too many, even if sealed again', () => {
    for (const { path } of membersOf(file as unknown as Json, [])) {
      const { seal: _, ...rest } = without(file as unknown as Json, path) as unknown as EvidenceFile;
      const seal = sealContent(rest, sealerOf(world.consumer), AT);
      const given = Buffer.from(`${canonicalJson({ ...rest, seal } as unknown as Json)}\n`);
      if (path[0] !== 'seal') assert.equal(stepOf(given), 'form', path.join('/'));
    }
    assert.equal(stepOf(resealed({ ...file, more: 1 } as unknown as EvidenceFile)), 'form');
  });
});

describe('evidence that tells a lie', () => {
  it('is refused against another anchor, or an anchor whose key is mislabelled', async () => {
    const other = await anInstance();
    assert.equal(stepOf(bytes, other.anchor), 'statements');
    assert.equal(stepOf(bytes, { ...world.instance.anchor, instance: 'MA-OTHER' }), 'anchor');
    const [key] = world.instance.anchor.keys;
    const [stranger] = other.anchor.keys;
    assert.ok(key !== undefined && stranger !== undefined);
    const mislabelled = { ...world.instance.anchor, keys: [{ ...stranger, kid: key.kid }] };
    assert.equal(stepOf(bytes, mislabelled), 'anchor');
  });

  it('is refused when a statement is by another registry, or its authority by itself', async () => {
    const other = await anInstance();
    const fake = await aGateway(other, 'DGSN', 'identity');
    assert.match(refusalOf(resealed({ ...file, provider: { ...file.provider, statement: fake.jws } })), /^statements/);
    const ca = other.authority.certificate.toString('base64');
    assert.match(refusalOf(resealed({ ...file, provider: { ...file.provider, ca } })), /^certificates: .*not among/);
  });

  it('is refused when the certificates did not hold at the time', () => {
    const late = new Date(AT.getTime() + 250 * 86_400_000);
    assert.match(refusalOf(anEvidenceFile(world, { at: late })), /^certificates: the request was signed outside/);
    const early = new Date(AT.getTime() - 2 * 86_400_000);
    assert.match(refusalOf(anEvidenceFile(world, { at: early })), /^certificates/);
  });

  it('is refused when a statement outlives its certificates', async () => {
    const expiresAt = new Date(AT.getTime() + 400 * 86_400_000).toISOString();
    const provider = await aGateway(world.instance, 'DGSN', 'identity', { expiresAt });
    assert.match(refusalOf(anEvidenceFile({ ...world, provider })), /^certificates: .*not inside/);
  });

  it('is refused when the certificate is of another server than the statement', async () => {
    const provider = await aGateway(world.instance, 'DGSN', 'identity');
    const other = await aGateway(world.instance, 'DGX', 'identity', {
      signCertificate: provider.statement.signCertificate,
    });
    const mixed = { ...other, keyid: provider.keyid, signKey: provider.signKey };
    assert.match(
      refusalOf(anEvidenceFile({ ...world, provider: mixed })),
      /^certificates: .*"CN=MA-TEST\/GOV\/DGSN\/gw1"/,
    );
  });

  it('is refused when one member signs as another', () => {
    const client = `${world.provider.statement.member.id}/identity`;
    assert.match(refusalOf(anEvidenceFile(world, { client })), /^request: the client .* is not of/);
    const subsystem = `${world.consumer.statement.member.id}/unknown`;
    assert.match(refusalOf(anEvidenceFile(world, { client: subsystem })), /^request: the client/);
    const target = `https://127.0.0.1:1/r1/${world.consumer.statement.member.id}/portal/persons`;
    assert.match(refusalOf(anEvidenceFile(world, { target })), /^request: the service/);
    const swapped = { ...world, consumer: { ...world.consumer, signKey: world.provider.signKey } };
    assert.match(refusalOf(anEvidenceFile(swapped)), /^request: the signature is not/);
    const named = { ...world, provider: { ...world.provider, keyid: world.consumer.keyid } };
    assert.match(refusalOf(anEvidenceFile(named)), /^response: signed with the key/);
  });

  it('is refused when the response answers another request', () => {
    const other = unwrap(parseEvidence(anEvidenceFile(world, { at: new Date(AT.getTime() + 2000) })));
    assert.match(refusalOf(resealed({ ...file, response: other.response })), /^response: "signature";req/);
  });

  it('is refused when a ledger entry says otherwise than the message', () => {
    for (const [leaf, member] of [
      [{ client: 'MA-TEST/GOV/DGSN/identity' }, 'client'],
      [{ service: 'MA-TEST/GOV/DGSN/identity/other' }, 'service'],
      [{ exchange: 'another' }, 'exchange'],
      [{ status: 404 }, 'status'],
      [{ kind: 'refusal' }, 'kind'],
      [{ at: '2026-03-02T10:30:00.000Z' }, 'at'],
      [{ purpose: 'another' }, 'purposes'],
      [{ agreement: 'another' }, 'agreements'],
    ] as const) {
      assert.match(refusalOf(anEvidenceFile(world, { leaf })), new RegExp(`^records: .*${member}`));
    }
  });

  it('is refused when it would steer the terminal that shows it', () => {
    assert.match(refusalOf(anEvidenceFile(world, { leaf: { purpose: 'a\u001b[2Jb' } })), /^records: .*purpose/);
    const request = { ...file.request, base: file.request.base.replace('AB123456', 'a\u001b[2J') };
    assert.match(refusalOf(resealed({ ...file, request })), /control characters/);
    const client = 'MA-TEST/GOV/\u202edda/portal';
    assert.doesNotMatch(refusalOf(anEvidenceFile(world, { client })), /\u202e/);
  });

  it('is refused when the entry is not in the tree, or stands before its request', () => {
    const { consumer } = file;
    const moved = { ...consumer, response: { ...consumer.response, index: consumer.response.index - 2 } };
    assert.match(refusalOf(resealed({ ...file, consumer: moved })), /^ledgers/);
    const shorter = { ...consumer, request: { ...consumer.request, proof: consumer.request.proof.slice(1) } };
    assert.match(refusalOf(resealed({ ...file, consumer: shorter })), /^ledgers/);
    const foreign = { ...consumer, checkpoint: file.provider.checkpoint };
    assert.match(refusalOf(resealed({ ...file, consumer: foreign })), /^ledgers: \/consumer\/checkpoint/);
  });
});

describe('witnesses of the checkpoints', () => {
  const aWitness = (name: string) => openWitness(name, generateKeyPairSync('ed25519').privateKey);
  const three = ['MA-TEST/GOV/A/gw1/witness', 'MA-TEST/GOV/B/gw1/witness', 'MA-TEST/GOV/C/gw1/witness'].map(aWitness);
  const textOf = (note: string) => note.slice(0, note.lastIndexOf('\n\n') + 1);
  const linesOf = (note: string, by: readonly ReturnType<typeof aWitness>[]) =>
    by.map((one) => one.cosign(textOf(note), AT)).join('');
  /** The file with these lines below the consumer's checkpoint, and three good ones below the provider's. */
  const cosigned = (lines: (note: string) => string) => {
    const [c, p] = [file.consumer.checkpoint, file.provider.checkpoint];
    return resealed({
      ...file,
      consumer: { ...file.consumer, checkpoint: c + lines(c) },
      provider: { ...file.provider, checkpoint: p + linesOf(p, three) },
    });
  };
  const policyOf = (required: number, by = three) =>
    unwrap(
      parseWitnessPolicy(JSON.stringify({ v: 1, instance: 'MA-TEST', required, witnesses: by.map((w) => w.vkey) })),
    );
  const judge = (given: Uint8Array, required: number, by = three) => {
    const result = verifyEvidence(given, world.instance.anchor, policyOf(required, by));
    return result.ok ? result.value.witnesses : `${result.error.step}: ${result.error.detail}`;
  };

  it('are counted for each ledger, and told against the number that is required', () => {
    const given = cosigned((note) => linesOf(note, three.slice(0, 2)));
    assert.ok(given.length < 20_000, `${given.length} bytes`);
    assert.deepEqual(judge(given, 2), { required: 2, known: 3, consumer: 2, provider: 3 });
    const report = unwrap(verifyEvidence(given, world.instance.anchor, policyOf(2)));
    const told = describeReport(report, 'en').steps.find(({ step }) => step === 'witnesses')?.text;
    assert.match(told ?? '', /ADD\/gw1: 2; .*DGSN\/gw1: 3; required of each: 2/);
    assert.match(String(judge(given, 3)), /^witnesses: \/consumer.* of 2 known witnesses, 3 are required/);
    assert.match(String(judge(bytes, 1)), /^witnesses: .* of 0 known witnesses, 1 are required/);
  });

  it('were not asked for where the verifier has no policy, and the words say so', () => {
    const words = describeReport(unwrap(verifyEvidence(bytes, world.instance.anchor)), 'en');
    assert.match(words.steps.find(({ step }) => step === 'witnesses')?.text ?? '', /^No witness was required/);
  });

  it('count once however often they signed, and not at all as strangers, of another tree, or altered', () => {
    const [first, second] = three as [(typeof three)[0], (typeof three)[0]];
    const twice = cosigned((note) => first.cosign(textOf(note), AT) + first.cosign(textOf(note), new Date(0)));
    assert.match(String(judge(twice, 2)), /of 1 known/);
    const strangers = [aWitness('MA-TEST/GOV/D/gw1/witness'), aWitness(first.name)];
    assert.match(
      String(
        judge(
          cosigned((note) => linesOf(note, [second, ...strangers])),
          2,
        ),
      ),
      /of 1 known/,
    );
    const foreign = cosigned(() => linesOf(file.provider.checkpoint, three));
    assert.match(String(judge(foreign, 1)), /^witnesses: .*not one of this text/);
    const other = (line: string) => line.replace(/(.)(.{9})\n$/, (_, c, rest) => `${c === 'A' ? 'B' : 'A'}${rest}\n`);
    const altered = cosigned((note) => other(linesOf(note, three)));
    assert.match(String(judge(altered, 1)), /^witnesses: .*not one of this text/);
  });

  it('do not count for a log of their own gateway', () => {
    const own = [aWitness('MA-TEST/GOV/ADD/gw1/witness'), ...three.slice(0, 1)];
    assert.match(
      String(
        judge(
          cosigned((note) => linesOf(note, own)),
          2,
          own,
        ),
      ),
      /consumer.* of 1 known witnesses, 2/,
    );
  });

  it('cannot be required in a policy that names a key twice, a log, too few, or another instance', () => {
    const vkeys = three.map(({ vkey }) => vkey);
    const key = generateKeyPairSync('ed25519').privateKey;
    for (const [change, why] of [
      [{ witnesses: [vkeys[0], vkeys[0]] }, /twice/],
      [{ witnesses: [openWitness('a', key).vkey, openWitness('b', key).vkey] }, /twice/],
      [{ witnesses: [world.consumer.log.vkey] }, /key of a log/],
      [{ required: 4 }, /is 4, of 3/],
      [{ required: -1 }, /required/],
      [{ witnesses: [`${vkeys[0]?.slice(0, -4)}AAA=`] }, /witnesses\/0/],
      [{ more: 1 }, /more|additional/],
    ] as const) {
      const given = { v: 1, instance: 'MA-TEST', required: 1, witnesses: vkeys, ...change };
      const read = parseWitnessPolicy(JSON.stringify(given));
      assert.match(read.ok ? 'accepted' : read.error.detail, why);
    }
    const other = { ...policyOf(1), instance: 'MA-OTHER' };
    const refused = verifyEvidence(bytes, world.instance.anchor, other);
    assert.match(refused.ok ? 'accepted' : refused.error.detail, /policy is of MA-OTHER/);
  });
});

type Path = readonly (string | number)[];

function leavesOf(value: Json, path: Path): readonly { path: Path; value: Json }[] {
  if (typeof value === 'object' && value !== null) {
    return childrenOf(value).flatMap(([key, child]) => leavesOf(child, [...path, key]));
  }
  return [{ path, value }];
}

function stringsOf(value: Json, path: Path): readonly { path: Path; value: string }[] {
  if (typeof value === 'string') return [{ path, value }];
  return childrenOf(value).flatMap(([key, child]) => stringsOf(child, [...path, key]));
}

function membersOf(value: Json, path: Path): readonly { path: Path }[] {
  if (Array.isArray(value)) return [];
  return childrenOf(value).flatMap(([key, child]) => [{ path: [...path, key] }, ...membersOf(child, [...path, key])]);
}

function childrenOf(value: Json): [string | number, Json][] {
  if (Array.isArray(value)) return value.map((child: Json, at) => [at, child]);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function withValue(value: Json, path: Path, put: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  if (Array.isArray(value)) return value.map((child: Json, at) => (at === key ? withValue(child, rest, put) : child));
  const record = value as Record<string, Json>;
  return { ...record, [key]: withValue(record[key] ?? null, rest, put) };
}

function without(value: Json, path: Path): Json {
  const [key, ...rest] = path;
  const record = value as Record<string, Json>;
  if (rest.length > 0 && key !== undefined) return { ...record, [key]: without(record[key] ?? null, rest) };
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
