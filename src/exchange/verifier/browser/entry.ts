/** What the page's script is built on; the tests run this same bundle beside Node's verifier. */
export { judgeEvidence, judgeTimestamps } from '../../evidence/judge.ts';
export { anchorMarkup, kindOf, policyMarkup, resultMarkup, textOf, withAnchor, withPolicy } from '../result.ts';
