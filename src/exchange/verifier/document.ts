import type { Language } from '../../kernel/index.ts';
import { type StandaloneDocument, standaloneDocument } from '../../web/index.ts';
import type { TrustAnchor } from '../trust/model.ts';
import { bundleVerifier } from './bundle.ts';
import { verifyPages } from './form.ts';

let script: Promise<string> | undefined;

/** Made when first asked for, and kept: about half a megabyte a process. What failed is tried again. */
function pageScript(): Promise<string> {
  script ??= bundleVerifier('page').catch((cause: unknown) => {
    script = undefined;
    throw cause;
  });
  return script;
}

/** The whole verifier as one page, which holds an anchor where one is given. */
export async function verifyDocument(language: Language, anchor?: TrustAnchor): Promise<StandaloneDocument> {
  const data = anchor === undefined ? {} : { anchor };
  return standaloneDocument({ language, pages: verifyPages(), script: await pageScript(), data });
}
