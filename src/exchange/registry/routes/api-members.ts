import { notFound } from '../../../kernel/index.ts';
import type { ListedGroup } from '../../trust/list-parts.ts';
import { admissionSchema } from '../model.ts';
import { groupSchema } from '../parts.ts';
import { issueToken } from '../service/admit.ts';
import { putMember, putSubsystem, removeGateway, removeMember, removeSubsystem } from '../service/member.ts';
import { putPart, removePart } from '../service/part.ts';
import { listGateways, listTokens } from '../store/directory.ts';
import { listParts } from '../store/part.ts';
import { listedMembers } from '../store/trust-list.ts';
import { type ApiDeps, type ApiRoute, bodyOf, codeOf, DECIDE, json, memberIdOf, namedSchema, READ, V1 } from './api.ts';

/** Members, subsystems, gateways, groups and tokens: the registration officer's. */
export function memberApi(deps: ApiDeps): readonly ApiRoute[] {
  return [...memberRoutes(deps), ...subsystemRoutes(deps), ...gatewayRoutes(deps), ...groupRoutes(deps)];
}

const MEMBER = `${V1}/members/:class/:member`;

function memberRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { registry, clock } = deps;
  return [
    {
      ...READ,
      id: 'registry.member.list',
      url: `${V1}/members`,
      summary: 'Members with their subsystems',
      handle: async () => json({ members: await listedMembers(registry.db.read) }),
    },
    {
      ...READ,
      id: 'registry.member.read',
      url: MEMBER,
      summary: 'One member, its subsystems and gateways',
      async handle(request) {
        const id = memberIdOf(deps, request);
        const member = (await listedMembers(registry.db.read)).find((one) => one.id === id);
        if (member === undefined) throw notFound(`There is no member ${id}.`);
        const gateways = (await listGateways(registry.db.read)).filter(({ memberId }) => memberId === id);
        return json({ ...member, gateways });
      },
    },
    {
      ...DECIDE,
      id: 'registry.member.put',
      method: 'PUT',
      url: MEMBER,
      audit: 'registry.member-put',
      summary: 'Registers a member, or renames it',
      body: namedSchema,
      async handle(request, acting) {
        const id = memberIdOf(deps, request);
        const { name } = bodyOf(namedSchema, request);
        await putMember(registry, acting, id, name, clock());
        return json({ id, name });
      },
    },
    {
      ...DECIDE,
      id: 'registry.member.remove',
      method: 'DELETE',
      url: MEMBER,
      audit: 'registry.member-removed',
      summary: 'Takes a member out, with its gateways; their certificates are revoked',
      async handle(request, acting) {
        await removeMember(registry, acting, memberIdOf(deps, request), clock());
        return json({});
      },
    },
  ];
}

function subsystemRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { registry, clock } = deps;
  const url = `${MEMBER}/subsystems/:code`;
  return [
    {
      ...DECIDE,
      id: 'registry.subsystem.put',
      method: 'PUT',
      url,
      audit: 'registry.subsystem-put',
      summary: 'Registers a subsystem of a member, or renames it',
      body: namedSchema,
      async handle(request, acting) {
        const subsystem = { code: codeOf(request, 'code'), ...bodyOf(namedSchema, request) };
        await putSubsystem(registry, acting, memberIdOf(deps, request), subsystem, clock());
        return json(subsystem);
      },
    },
    {
      ...DECIDE,
      id: 'registry.subsystem.remove',
      method: 'DELETE',
      url,
      audit: 'registry.subsystem-removed',
      summary: 'Takes a subsystem out',
      async handle(request, acting) {
        await removeSubsystem(registry, acting, memberIdOf(deps, request), codeOf(request, 'code'), clock());
        return json({});
      },
    },
  ];
}

function gatewayRoutes(deps: ApiDeps): readonly ApiRoute[] {
  const { registry, clock } = deps;
  return [
    {
      ...READ,
      id: 'registry.gateway.list',
      url: `${V1}/gateways`,
      summary: 'Gateways that take part',
      handle: async () => json({ gateways: await listGateways(registry.db.read) }),
    },
    {
      ...DECIDE,
      id: 'registry.gateway.remove',
      method: 'DELETE',
      url: `${V1}/gateways/:class/:member/:code`,
      audit: 'registry.gateway-removed',
      summary: 'Takes a gateway out; its certificates are revoked',
      async handle(request, acting) {
        const server = `${memberIdOf(deps, request)}/${codeOf(request, 'code')}`;
        await removeGateway(registry, acting, server, clock());
        return json({});
      },
    },
    {
      ...READ,
      id: 'registry.token.list',
      url: `${V1}/tokens`,
      summary: 'Join tokens that were made, without their secrets',
      handle: async () => json({ tokens: await listTokens(registry.db.read, 200) }),
    },
    {
      ...DECIDE,
      id: 'registry.token.make',
      method: 'POST',
      url: `${V1}/tokens`,
      audit: 'registry.token-made',
      summary:
        'Admits a gateway of a member: makes its one-time token; "approval": "wait" lets it wait for an operator',
      body: admissionSchema,
      handle: async (request, acting) =>
        json({ token: await issueToken(registry, request.body, clock(), acting) }, 201),
    },
  ];
}

function groupRoutes({ registry, clock }: ApiDeps): readonly ApiRoute[] {
  const url = `${V1}/groups/:code`;
  return [
    {
      ...READ,
      id: 'registry.group.list',
      url: `${V1}/groups`,
      summary: 'Groups of subsystems',
      handle: async () => json({ groups: await listParts<ListedGroup>(registry.db.read, 'group') }),
    },
    {
      ...READ,
      id: 'registry.group.read',
      url,
      summary: 'One group',
      async handle(request) {
        const code = codeOf(request, 'code');
        const group = (await listParts<ListedGroup>(registry.db.read, 'group')).find((one) => one.code === code);
        if (group === undefined) throw notFound(`There is no group ${code}.`);
        return json(group);
      },
    },
    {
      ...DECIDE,
      id: 'registry.group.put',
      method: 'PUT',
      url,
      audit: 'registry.part-put',
      summary: 'Adds a group, or changes its name and subsystems',
      body: groupSchema,
      handle: async (request, acting) => {
        const part = { kind: 'group', code: codeOf(request, 'code'), body: request.body } as const;
        return json(await putPart(registry, acting, part, clock()));
      },
    },
    {
      ...DECIDE,
      id: 'registry.group.remove',
      method: 'DELETE',
      url,
      audit: 'registry.part-removed',
      summary: 'Takes a group out',
      async handle(request, acting) {
        await removePart(registry, acting, 'group', codeOf(request, 'code'), clock());
        return json({});
      },
    },
  ];
}
