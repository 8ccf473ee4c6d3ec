import { X509Certificate } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { conflict, invalid, notFound } from '../../kernel/index.ts';
import type { Answer } from '../../platform/index.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { readBody } from '../gateway/operator.ts';
import type { OperatorRoute } from '../operators/guard.ts';
import {
  CERTIFICATE_USERS,
  type CertificateUser,
  CONNECTIONS,
  type Connection,
  type InformationSystem,
  parseCertificate,
  type SystemCertificate,
  thumbprintOf,
} from './model.ts';

const closed = { additionalProperties: false } as const;
const connectionSchema = Type.Object({ connection: Type.Union(CONNECTIONS.map((one) => Type.Literal(one))) }, closed);
const certificateSchema = Type.Object(
  {
    usedBy: Type.Union(CERTIFICATE_USERS.map((one) => Type.Literal(one))),
    certificate: Type.String({ minLength: 1, maxLength: 40_000 }),
  },
  closed,
);
const READ = { method: 'GET', access: 'console.read', audit: null, rate: 'api' } as const;

/** How the member's own systems connect, and the certificate that the gateway shows to them. */
export function systemRoutes(context: GatewayContext): readonly OperatorRoute[] {
  return [
    {
      ...READ,
      id: 'gateway.system.list',
      summary: 'The member’s own systems and how each connects',
      url: '/operator/v1/systems',
      handle: async () => json({ systems: [...context.subsystems].map((one) => viewOf(context.systems.of(one))) }),
    },
    {
      ...READ,
      id: 'gateway.system.own-certificate',
      summary: 'The certificate that this gateway shows to the member’s own systems',
      url: '/operator/v1/internal-certificate',
      async handle() {
        const pem = ownCertificate(context);
        return json({ thumbprint: thumbprintOf(new X509Certificate(pem).raw), pem });
      },
    },
    {
      id: 'gateway.system.connection',
      summary: 'Sets how a subsystem must connect: HTTP, HTTPS or mutual TLS',
      body: connectionSchema,
      method: 'PUT',
      url: '/operator/v1/systems/:subsystem/connection',
      access: 'services.change',
      audit: 'system.connection-changed',
      rate: 'api',
      async handle(request, acting) {
        const subsystem = subsystemOf(context, request);
        const { connection } = readBody(connectionSchema, request);
        requireDoor(context, connection);
        await context.systems.setConnection(subsystem, connection, (tx) =>
          acting.record(tx, subsystem, { connection }),
        );
        return json(viewOf(context.systems.of(subsystem)));
      },
    },
    ...certificateRoutes(context),
  ];
}

function certificateRoutes(context: GatewayContext): readonly OperatorRoute[] {
  return [
    {
      id: 'gateway.system.certificate.add',
      summary: 'Registers a certificate of a system or of a service',
      body: certificateSchema,
      method: 'POST',
      url: '/operator/v1/systems/:subsystem/certificates',
      access: 'services.change',
      audit: 'system.certificate-added',
      rate: 'api',
      async handle(request, acting) {
        const subsystem = subsystemOf(context, request);
        const { usedBy, certificate } = readBody(certificateSchema, request);
        const added = readSystemCertificate(usedBy, certificate, context.clock());
        const { thumbprint } = added;
        await context.systems.addCertificate(subsystem, added, (tx) =>
          acting.record(tx, subsystem, { usedBy, thumbprint }),
        );
        return { kind: 'json', status: 201, body: certificateView(added) };
      },
    },
    {
      id: 'gateway.system.certificate.remove',
      summary: 'Takes a registered certificate out',
      method: 'DELETE',
      url: '/operator/v1/systems/:subsystem/certificates/:usedBy/:thumbprint',
      access: 'services.change',
      audit: 'system.certificate-removed',
      rate: 'api',
      async handle(request, acting) {
        const subsystem = subsystemOf(context, request);
        const { usedBy, thumbprint } = request.params as {
          readonly usedBy: CertificateUser;
          readonly thumbprint: string;
        };
        const record = (tx: Parameters<typeof acting.record>[0]) =>
          acting.record(tx, subsystem, { usedBy, thumbprint });
        if (!(await context.systems.removeCertificate(subsystem, usedBy, thumbprint, record)))
          throw notFound('This subsystem has no such certificate.');
        return json({ subsystem, usedBy, thumbprint });
      },
    },
  ];
}

/** By its code, or by its whole identifier. */
function subsystemOf(context: GatewayContext, request: FastifyRequest): string {
  const { subsystem } = request.params as { readonly subsystem: string };
  return needSubsystem(context, subsystem);
}

export function needSubsystem(context: GatewayContext, word: string): string {
  const found = [...context.subsystems].find((one) => one === word || one.split('/').at(-1) === word);
  if (found === undefined) throw notFound('There is no such subsystem of this gateway.');
  return found;
}

/** What nobody could come by is refused: the subsystem would be locked out. */
export function requireDoor(context: GatewayContext, connection: Connection): void {
  if (connection === 'http' || context.internalTls?.isDoorOpen === true) return;
  throw conflict('This gateway has no door over TLS; start it with --tls first.');
}

/** Throws a Problem (422) on /certificate. */
export function readSystemCertificate(usedBy: CertificateUser, text: string, addedAt: Date): SystemCertificate {
  const read = parseCertificate(text);
  if (!read.ok) throw invalid('The certificate is not acceptable.', [{ field: '/certificate', message: read.error }]);
  return { usedBy, thumbprint: thumbprintOf(read.value.raw), der: read.value.raw, addedAt };
}

export function ownCertificate({ internalTls }: GatewayContext): string {
  if (internalTls === undefined) throw notFound('This gateway has no certificate for its own systems.');
  return internalTls.tls.current().certPem;
}

const json = (body: unknown): Answer => ({ kind: 'json', body });

function viewOf({ subsystem, connection, certificates }: InformationSystem): object {
  return { subsystem, connection, certificates: certificates.map(certificateView) };
}

function certificateView({ usedBy, thumbprint, der, addedAt }: SystemCertificate): object {
  const { subject, issuer, validToDate } = new X509Certificate(der);
  return { usedBy, thumbprint, subject, issuer, expiresAt: validToDate, addedAt };
}
