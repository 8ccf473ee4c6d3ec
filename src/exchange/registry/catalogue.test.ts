import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogueOf, findMembers, findServices, pageOf } from './catalogue.ts';
import { dcatOf } from './dcat.ts';
import type { ServiceHead } from './views.ts';

const MEMBERS = [
  {
    id: 'MA/GOV/LAND',
    name: { ar: 'الوكالة الوطنية للمحافظة العقارية', fr: 'Conservation foncière' },
    subsystems: [{ code: 'register', name: { ar: 'السِّجلّ العقاري', fr: 'Registre foncier' } }],
  },
  { id: 'MA/GOV/CIVIL', name: { ar: 'الحالة المدنية', fr: 'État civil' }, subsystems: [] },
];
const aService = (code: string, parts: Partial<ServiceHead> = {}): ServiceHead => ({
  service: `MA/GOV/LAND/register/${code}`,
  title: '',
  endpoints: [],
  server: 'MA/GOV/LAND/gw1',
  listedAt: '2026-03-02T09:00:00.000Z',
  isDescribed: false,
  ...parts,
});
const SERVICES = [aService('parcels', { title: 'Parcelles', isDescribed: true }), aService('owners')];
const ALL = catalogueOf('MA', MEMBERS, SERVICES);

describe('the public catalogue', () => {
  it('is searched in Arabic and French alike, without accents, vowel signs or the order of words', () => {
    const found = (query: string) => findServices(ALL, query).map(({ service }) => service.split('/').at(-1));
    assert.deepEqual(found('PARCELLES'), ['parcels']);
    assert.deepEqual(found('fonciere registre'), ['parcels', 'owners']);
    assert.deepEqual(found('سجل عقاري'), ['parcels', 'owners']);
    assert.deepEqual(found('MA/GOV/LAND/register/owners'), ['owners']);
    assert.deepEqual(found('parcelles état'), []);
    assert.deepEqual(
      findMembers(ALL, 'etat').map(({ id }) => id),
      ['MA/GOV/CIVIL'],
    );
    assert.equal(findMembers(ALL, '').length, 2);
  });

  it('is shown page by page, whatever number stands in the address', () => {
    const all = Array.from({ length: 41 }, (_one, nth) => nth);
    for (const [wanted, page] of [
      ['', 1],
      ['2', 2],
      ['3', 3],
      ['99', 3],
      ['0', 1],
      ['-1', 1],
      ['x', 1],
      ['1e9', 1],
    ] as const)
      assert.equal(pageOf(all, wanted).page, page, wanted);
    assert.deepEqual(pageOf(all, '3').shown, [40]);
    assert.deepEqual(pageOf([], '5'), { page: 1, total: 0, shown: [] });
  });
});

type Node = Readonly<Record<string, unknown>>;

/** What DCAT-AP 3 makes obligatory of a class, and what kind of value it wants. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, 'text' | 'iri' | 'node' | 'instant'>>>> = {
  'dcat:Catalog': {
    'dct:title': 'text',
    'dct:description': 'text',
    'dct:publisher': 'node',
    'dct:modified': 'instant',
  },
  'dcat:DataService': {
    'dct:title': 'text',
    'dct:identifier': 'text',
    'dcat:endpointURL': 'iri',
    'dct:publisher': 'node',
    'dct:accessRights': 'iri',
    'dcat:landingPage': 'iri',
  },
  'foaf:Agent': { 'foaf:name': 'text' },
};
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) =>
    [value].flat().every((one) => {
      if (typeof one === 'string') return one !== '';
      const { '@value': text, '@language': language, ...rest } = one as Node;
      return typeof text === 'string' && /^(ar|fr|en)$/.test(String(language)) && Object.keys(rest).length === 0;
    }),
  iri: (value) => URL.canParse(String((value as Node)['@id']), 'https://registry.example/services.jsonld'),
  node: (value) => typeof (value as Node)['@type'] === 'string',
  instant: (value) =>
    (value as Node)['@type'] === 'xsd:dateTime' && !Number.isNaN(Date.parse(String((value as Node)['@value']))),
};

describe('the catalogue as DCAT', () => {
  const whole = JSON.parse(JSON.stringify(dcatOf('MA', SERVICES, MEMBERS))) as Node;
  const context = whole['@context'] as Readonly<Record<string, string>>;

  function check(node: Node): number {
    const shape = SHAPES[String(node['@type'])] ?? assert.fail(`${node['@type']} has no shape`);
    for (const [name, kind] of Object.entries(shape)) {
      const value = node[name];
      assert.ok(value !== undefined && KINDS[kind]?.(value), `${node['@type']} ${name}: ${JSON.stringify(value)}`);
    }
    let nodes = 1;
    for (const [name, value] of Object.entries(node)) {
      if (name.startsWith('@')) continue;
      assert.ok(context[name.split(':')[0] ?? ''] !== undefined, `${name} is in no namespace of the context`);
      for (const one of [value].flat())
        if (typeof one === 'object' && one !== null && '@type' in one && !('@value' in one))
          nodes += check(one as Node);
    }
    return nodes;
  }

  it('has what DCAT-AP makes obligatory, each value of its kind, each name in a namespace', () => {
    assert.equal(check(whole), 1 + 1 + SERVICES.length * 2);
  });

  it('names a description only where there is one, and services by the one who offers them in both languages', () => {
    const [parcels, owners] = whole['dcat:service'] as readonly Node[];
    assert.ok(parcels?.['dcat:endpointDescription'] !== undefined);
    assert.equal(owners?.['dcat:endpointDescription'], undefined);
    assert.match(JSON.stringify(owners?.['dct:publisher']), /Conservation foncière/);
    assert.match(JSON.stringify(owners?.['dct:publisher']), /للمحافظة العقارية/);
  });
});
