import Type from 'typebox';
import { notFound } from '../../../kernel/index.ts';
import { certificateId } from '../../trust/certificate.ts';
import { REVOCATION_REASONS } from '../../trust/list-parts.ts';
import { lineSchema, strict } from '../../trust/shape.ts';
import { federationSchema } from '../federation.ts';
import { tsaSchema, witnessSchema } from '../parts.ts';
import { revoke } from '../service/certificate.ts';
import { publishByHand } from '../service/change.ts';
import { putFederation, refreshFederations, removeFederation } from '../service/federate.ts';
import { putAuthority, putPart, removeAuthority, removePart } from '../service/part.ts';
import { currentTrustList } from '../service/publish.ts';
import { rotateKey } from '../service/rotate.ts';
import { type PolicyView, readWitnessPolicy, setWitnessQuorum } from '../service/witness-policy.ts';
import { listCertificates } from '../store/certificate.ts';
import { listFederations } from '../store/federation.ts';
import { listAuthorities, listParts, type PartKind } from '../store/part.ts';
import { type ApiDeps, type ApiRoute, bodyOf, codeOf, json, nameOf, READ, TRUST, V1 } from './api.ts';

const authoritySchema = Type.Object(
  { name: lineSchema(200), certificate: Type.String({ minLength: 1, maxLength: 20_000 }) },
  strict,
);
export const revocationSchema = Type.Object(
  { reason: Type.Union(REVOCATION_REASONS.map((one) => Type.Literal(one))) },
  strict,
);

/** Certificates, authorities, witnesses, keys, other instances: the security officer's. */
export function trustApi(deps: ApiDeps): readonly ApiRoute[] {
  return [
    ...certificateRoutes(deps),
    ...authorityRoutes(deps),
    ...partRoutes(deps, { kind: 'witness', path: 'witnesses', body: witnessSchema }),
    ...partRoutes(deps, { kind: 'timestamp-authority', path: 'timestamp-authorities', body: tsaSchema }),
    ...quorumRoutes(deps),
    ...listRoutes(deps),
    ...federationRoutes(deps),
  ];
}

function certificateRoutes({ registry, clock }: ApiDeps): readonly ApiRoute[] {
  return [
    {
      ...READ,
      id: 'registry.certificate.list',
      url: `${V1}/certificates`,
      summary: 'Every certificate that was given, with its end and its revocation',
      handle: async () => json({ certificates: await listCertificates(registry.db.read) }),
    },
    {
      ...TRUST,
      id: 'registry.certificate.revoke',
      method: 'POST',
      url: `${V1}/certificates/:id/revoke`,
      audit: 'registry.certificate-revoked',
      summary: 'Revokes a certificate; one that is in use takes its gateway out of the list',
      body: revocationSchema,
      async handle(request, acting) {
        const { reason } = bodyOf(revocationSchema, request);
        await revoke(registry, acting, nameOf(request, 'id'), reason, clock());
        return json({});
      },
    },
  ];
}

function authorityRoutes({ registry, clock }: ApiDeps): readonly ApiRoute[] {
  return [
    {
      ...READ,
      id: 'registry.authority.list',
      url: `${V1}/authorities`,
      summary: 'Our own certificate authority and outside ones, base64 DER',
      async handle() {
        const { certificate, name } = registry.keys.authority;
        const own = { id: certificateId(certificate), name, own: true, certificate: certificate.toString('base64') };
        const outside = await listAuthorities(registry.db.read);
        const others = outside.map((one) => ({
          ...one,
          own: false,
          der: undefined,
          certificate: one.der.toString('base64'),
        }));
        return json({ authorities: [own, ...others] });
      },
    },
    {
      ...TRUST,
      id: 'registry.authority.add',
      method: 'POST',
      url: `${V1}/authorities`,
      audit: 'registry.authority-put',
      summary: 'Adds an outside authority (self-signed, P-256, PEM) whose certificates operators bring back',
      body: authoritySchema,
      async handle(request, acting) {
        const { name, certificate } = bodyOf(authoritySchema, request);
        return json({ id: await putAuthority(registry, acting, name, certificate, clock()) }, 201);
      },
    },
    {
      ...TRUST,
      id: 'registry.authority.remove',
      method: 'DELETE',
      url: `${V1}/authorities/:id`,
      audit: 'registry.authority-removed',
      summary: 'Takes an outside authority out, once no gateway has certificates of it',
      async handle(request, acting) {
        await removeAuthority(registry, acting, nameOf(request, 'id'), clock());
        return json({});
      },
    },
  ];
}

type PartOf = {
  readonly kind: PartKind;
  readonly path: string;
  readonly body: typeof witnessSchema | typeof tsaSchema;
};

function partRoutes({ registry, clock }: ApiDeps, { kind, path, body }: PartOf): readonly ApiRoute[] {
  const url = `${V1}/${path}/:name`;
  return [
    {
      ...READ,
      id: `registry.${kind}.list`,
      url: `${V1}/${path}`,
      summary: `Each ${kind} of the trust list`,
      handle: async () => json({ [path]: await listParts(registry.db.read, kind) }),
    },
    {
      ...READ,
      id: `registry.${kind}.read`,
      url,
      summary: `One ${kind}`,
      async handle(request) {
        const name = nameOf(request, 'name');
        const part = (await listParts<{ name: string }>(registry.db.read, kind)).find((one) => one.name === name);
        if (part === undefined) throw notFound(`There is no ${kind} ${name}.`);
        return json(part);
      },
    },
    {
      ...TRUST,
      id: `registry.${kind}.put`,
      method: 'PUT',
      url,
      audit: 'registry.part-put',
      summary: `Adds a ${kind}, or changes it`,
      body,
      handle: async (request, acting) => {
        const part = { kind, code: nameOf(request, 'name'), body: request.body };
        return json(await putPart(registry, acting, part, clock()));
      },
    },
    {
      ...TRUST,
      id: `registry.${kind}.remove`,
      method: 'DELETE',
      url,
      audit: 'registry.part-removed',
      summary: `Takes a ${kind} out`,
      async handle(request, acting) {
        await removePart(registry, acting, kind, nameOf(request, 'name'), clock());
        return json({});
      },
    },
  ];
}

const quorumSchema = Type.Object({ required: Type.Integer({ minimum: 1, maximum: 32 }) }, strict);

function quorumRoutes({ registry }: ApiDeps): readonly ApiRoute[] {
  const url = `${V1}/witness-policy`;
  const shown = ({ policy, set, most }: PolicyView) => json({ ...policy, set: set ?? null, most });
  const change = { ...TRUST, url, audit: 'registry.witness-quorum-set' } as const;
  return [
    {
      ...READ,
      id: 'registry.witness-policy.read',
      url,
      summary: 'The witness policy that is proposed to verifiers, what was set, and the most that can be demanded',
      handle: async () => shown(await readWitnessPolicy(registry.db.read, registry.keys.anchor.instance)),
    },
    {
      ...change,
      id: 'registry.witness-policy.put',
      method: 'PUT',
      summary: 'Sets how many witnesses the proposed policy demands',
      body: quorumSchema,
      async handle(request, acting) {
        return shown(await setWitnessQuorum(registry, acting, bodyOf(quorumSchema, request).required));
      },
    },
    {
      ...change,
      id: 'registry.witness-policy.remove',
      method: 'DELETE',
      summary: 'Demands more than half of the witnesses again',
      handle: async (_request, acting) => shown(await setWitnessQuorum(registry, acting, undefined)),
    },
  ];
}

function listRoutes({ registry, clock }: ApiDeps): readonly ApiRoute[] {
  return [
    {
      ...READ,
      id: 'registry.list.read',
      url: `${V1}/trust-list`,
      summary: 'Version and expiry of the trust list, and the keys that sign it',
      async handle() {
        const { version, issuedAt, expiresAt } = await currentTrustList(registry, clock());
        return json({ version, issuedAt, expiresAt, anchor: registry.keys.anchor });
      },
    },
    {
      ...TRUST,
      id: 'registry.list.publish',
      method: 'POST',
      url: `${V1}/trust-list/publish`,
      audit: 'registry.list-published',
      summary: 'Publishes a new version now',
      handle: async (_request, acting) => json({ version: await publishByHand(registry, acting, clock()) }),
    },
    {
      ...TRUST,
      id: 'registry.key.rotate',
      method: 'POST',
      url: `${V1}/keys/rotate`,
      audit: 'registry.key-rotated',
      summary: 'A new signing key, announced and signed by the present one, which is retired',
      handle: async (_request, acting) => json({ anchor: await rotateKey(registry, acting, clock()) }),
    },
  ];
}

function federationRoutes({ registry, clock }: ApiDeps): readonly ApiRoute[] {
  const url = `${V1}/federation/:instance`;
  const list = async () =>
    json({
      federation: (await listFederations(registry.db.read)).map(({ listJws: _sealed, ...one }) => one),
    });
  return [
    {
      ...READ,
      id: 'registry.federation.list',
      url: `${V1}/federation`,
      summary: 'Other instances that are trusted, how far, and how the latest look at them went',
      handle: list,
    },
    {
      ...TRUST,
      id: 'registry.federation.put',
      method: 'PUT',
      url,
      audit: 'registry.federation-put',
      summary: 'Trusts another instance by its anchor, within a filter',
      body: federationSchema,
      async handle(request, acting) {
        await putFederation(registry, acting, codeOf(request, 'instance'), request.body, clock());
        return list();
      },
    },
    {
      ...TRUST,
      id: 'registry.federation.refresh',
      method: 'POST',
      url: `${V1}/federation/refresh`,
      audit: 'registry.list-published',
      summary: 'Looks at the other registries now',
      async handle() {
        await refreshFederations(registry, clock());
        return list();
      },
    },
    {
      ...TRUST,
      id: 'registry.federation.remove',
      method: 'DELETE',
      url,
      audit: 'registry.federation-removed',
      summary: 'Trusts another instance no more',
      async handle(request, acting) {
        await removeFederation(registry, acting, codeOf(request, 'instance'), clock());
        return json({});
      },
    },
  ];
}
