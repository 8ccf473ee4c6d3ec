import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/**
 * The rules of the house that no other checker knows: sizes, and what only composition and platform may reach for.
 * Each finding is one line; the exit code counts them.
 */
const ROOT = join(import.meta.dirname, '..');
const FILE_LINES = 400;
const FUNCTION_LINES = 60;
const AMBIENT: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /\bDate\.now\(|\bnew Date\(\)/, because: 'time comes in as an argument' },
  { pattern: /\bMath\.random\(|\brandomUUID\(/, because: 'randomness comes in as an argument' },
  { pattern: /\bprocess\.env\b/, because: 'configuration is read once, in main' },
  { pattern: /\bconsole\.\w+\(/, because: 'output goes to the log or, in main, to the terminal' },
];
const FREE_OF_AMBIENT_RULE = /^(src\/(platform|main)\/|test\/|scripts\/|bench\/|examples\/)|\.test\.ts$|gallery/;

const findings: string[] = [];
for (const folder of ['src', 'test', 'scripts', 'bench', 'examples']) {
  for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) inspect(join(ROOT, folder, name));
  }
}
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;

function inspect(path: string): void {
  const name = relative(ROOT, path);
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  if (!name.endsWith('.test.ts') && lines.length > FILE_LINES + 1)
    findings.push(`${name}: ${lines.length} lines, at most ${FILE_LINES}`);
  if (/^(utils?|helpers?|misc)\.ts$/.test(name.split('/').at(-1) ?? ''))
    findings.push(`${name}: a name that says nothing`);
  if (!FREE_OF_AMBIENT_RULE.test(name)) findAmbient(name, lines);
  if (!name.endsWith('.test.ts')) findLongFunctions(name, text);
}

function findAmbient(name: string, lines: readonly string[]): void {
  lines.forEach((line, index) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
    for (const { pattern, because } of AMBIENT) {
      if (pattern.test(line)) findings.push(`${name}:${index + 1}: ${pattern.source}: ${because}`);
    }
  });
}

function findLongFunctions(name: string, text: string): void {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const from = lineOf(node.getStart());
      const length = lineOf(node.end) - from + 1;
      if (length > FUNCTION_LINES)
        findings.push(`${name}:${from}: a function of ${length} lines, at most ${FUNCTION_LINES}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
