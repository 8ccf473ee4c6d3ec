import type { Language } from '../../kernel/index.ts';
import { type StandaloneDocument, standaloneDocument } from '../../web/index.ts';
import type { Anchors } from '../evidence/anchors.ts';
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

/** The whole verifier as one page, which holds the anchors that are given. */
export async function verifyDocument(language: Language, anchors: Anchors = []): Promise<StandaloneDocument> {
  const held = [anchors].flat();
  const data = held.length === 0 ? {} : { anchors: held };
  return standaloneDocument({ language, pages: verifyPages(), script: await pageScript(), data });
}
