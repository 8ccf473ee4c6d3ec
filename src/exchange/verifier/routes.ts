import type { FastifyRequest } from 'fastify';
import { isLanguage, notFound } from '../../kernel/index.ts';
import type { Route } from '../../platform/index.ts';
import type { StandaloneDocument } from '../../web/index.ts';
import type { Anchors } from '../evidence/anchors.ts';
import { verifyDocument } from './document.ts';
import { KEEP_PATH, VERIFY_PATH } from './form.ts';

const READ = { method: 'GET', access: 'public', audit: null, rate: 'page' } as const;
const FILE_NAME = 'wasl-verify.html';

/** The verifier as a page for everybody. `anchors`: what this server's own instance is checked against, and those that it lets in. */
export function verifyRoutes(anchors: () => Anchors | undefined): readonly Route<'public'>[] {
  const documentFor = (request: FastifyRequest): Promise<StandaloneDocument> => {
    const { language } = request.params as { readonly language?: unknown };
    if (!isLanguage(language)) throw notFound('There is no page at this address.');
    return verifyDocument(language, anchors());
  };
  const headersOf = ({ policy }: StandaloneDocument) => ({
    'content-security-policy': policy,
    'cache-control': 'public, max-age=300',
  });
  return [
    {
      ...READ,
      id: 'exchange.verify.show',
      url: `/:language${VERIFY_PATH}`,
      async handle(request) {
        const made = await documentFor(request);
        return { kind: 'html', body: made.html, headers: headersOf(made) };
      },
    },
    {
      ...READ,
      id: 'exchange.verify.keep',
      url: `/:language${KEEP_PATH}`,
      async handle(request) {
        const made = await documentFor(request);
        const body = Buffer.from(made.html);
        return {
          kind: 'bytes',
          contentType: 'text/html; charset=utf-8',
          body,
          fileName: FILE_NAME,
          headers: headersOf(made),
        };
      },
    },
  ];
}
