import QRCode from 'qrcode';
import { notFound } from '../../kernel/index.ts';
import { receiptPageOf } from '../pages/filing.ts';
import { receiptOf } from '../rules/receipt.ts';
import { receiptPdf } from '../service/issuing.ts';
import { issuedOf, receiptPage } from '../service/verifying.ts';
import { frameOf, html, type PortalRoute, type RouteDeps } from './deps.ts';
import { own, type Request, read } from './own.ts';

/** The receipt and the certificate of a request, for its applicant. */
export function paperRoutes(deps: RouteDeps): readonly PortalRoute[] {
  return [
    {
      ...read,
      id: 'request.receipt',
      url: '/:language/requests/:id/receipt',
      handle: async (request) => receipt(deps, request),
    },
    {
      ...read,
      id: 'request.receipt-ar',
      url: '/:language/requests/:id/receipt-ar.pdf',
      handle: async (request) => receiptFile(deps, request, 'ar'),
    },
    {
      ...read,
      id: 'request.receipt-fr',
      url: '/:language/requests/:id/receipt-fr.pdf',
      handle: async (request) => receiptFile(deps, request, 'fr'),
    },
    {
      ...read,
      id: 'request.certificate-ar',
      url: '/:language/requests/:id/certificate-ar.pdf',
      handle: async (request) => certificateFile(deps, request, 'ar'),
    },
    {
      ...read,
      id: 'request.certificate-fr',
      url: '/:language/requests/:id/certificate-fr.pdf',
      handle: async (request) => certificateFile(deps, request, 'fr'),
    },
  ];
}

async function receipt(deps: RouteDeps, request: Request) {
  const loaded = await own(deps, request);
  const facts = receiptOf(loaded.dossier, loaded.around);
  const page = await receiptPage(deps, loaded.id);
  if (facts === undefined || page === undefined) throw notFound('This request is not filed yet: it has no receipt.');
  const url = `${deps.baseUrl()}/v/${page}`;
  const svg = await QRCode.toString(url, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
  return html(receiptPageOf(frameOf(deps, request), loaded, facts, { svg, url }));
}

async function receiptFile(deps: RouteDeps, request: Request, language: 'ar' | 'fr') {
  const loaded = await own(deps, request);
  const body = await receiptPdf(deps, loaded, language);
  return {
    kind: 'bytes',
    contentType: 'application/pdf',
    body,
    fileName: `${loaded.dossier.filing?.number ?? 'receipt'}-${language}.pdf`,
  } as const;
}

async function certificateFile(deps: RouteDeps, request: Request, language: 'ar' | 'fr') {
  const loaded = await own(deps, request);
  const issued = await issuedOf(deps, loaded.id);
  if (issued === undefined) throw notFound('No certificate was issued for this request.');
  const body = await deps.files.get(language === 'ar' ? issued.record.pdf_ar : issued.record.pdf_fr);
  if (body === undefined) throw new Error('the stored certificate is missing');
  return {
    kind: 'bytes',
    contentType: 'application/pdf',
    body,
    fileName: `${issued.record.number}-${language}.pdf`,
  } as const;
}
