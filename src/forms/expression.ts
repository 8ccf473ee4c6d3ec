import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { daysBetween, err, ok, parseIsoDate, type Result } from '../kernel/index.ts';

/** Types that a definition may declare for the variables of its expressions; a mapping nests. */
export type VariableType = 'string' | 'bool' | 'double' | 'int' | 'list<string>' | 'map<string, dyn>';
export type VariableSchema = { readonly [name: string]: VariableType | VariableSchema };

/** A checked CEL expression. Evaluation is total: what goes wrong is a value. */
export type Expression = {
  readonly source: string;
  readonly evaluate: (variables: Readonly<Record<string, unknown>>) => Result<boolean, string>;
};

export type ExpressionLanguage = { readonly compile: (source: string) => Result<Expression, string> };

const MAX_SOURCE_CHARS = 1000;
// Small on purpose: a condition of a form has a dozen nodes, and nested comprehensions over lists cost
// length^depth. 200 nodes and 12 levels keep the worst case in the range of microseconds.
const LIMITS = { maxAstNodes: 200, maxDepth: 12, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 };

/**
 * CEL over declared variables. Besides CEL's own functions: `yearsBetween(from, to)` and `daysBetween(from, to)` on
 * ISO dates; dates themselves are text, which orders as dates do.
 */
export function expressionLanguage(variables: VariableSchema): ExpressionLanguage {
  const environment = new Environment({ limits: LIMITS, unlistedVariablesAreDyn: false });
  for (const [name, type] of Object.entries(variables)) {
    if (typeof type === 'string') environment.registerVariable(name, type);
    else environment.registerVariable({ name, schema: type });
  }
  environment.registerFunction('yearsBetween(string, string): int', (from: unknown, to: unknown) =>
    BigInt(wholeYears(String(from), String(to))),
  );
  environment.registerFunction('daysBetween(string, string): int', (from: unknown, to: unknown) =>
    BigInt(daysBetween(dateOf(String(from)), dateOf(String(to)))),
  );
  return { compile: (source) => compile(environment, source) };
}

function compile(environment: Environment, source: string): Result<Expression, string> {
  if (source.length > MAX_SOURCE_CHARS) return err(`longer than ${MAX_SOURCE_CHARS} characters`);
  const check = environment.check(source);
  if (!check.valid) return err(check.error?.summary ?? 'not a CEL expression');
  if (String(check.type) !== 'bool') return err(`gives ${String(check.type)}, must give true or false`);
  const program = environment.parse(source);
  // JavaScript's regular expressions backtrack: on an answer made for it, matches() could run for minutes.
  if (callsMatches(program.ast)) return err('matches() is not available: use the pattern of the field');
  return ok({
    source,
    evaluate: (variables) => {
      try {
        const value: unknown = program({ ...variables });
        return typeof value === 'boolean' ? ok(value) : err('did not give true or false');
      } catch (cause) {
        return err(cause instanceof Error ? cause.message.split('\n', 1).join('') : 'failed');
      }
    },
  });
}

function callsMatches(node: ASTNode): boolean {
  if (node.op === 'rcall' && node.args[0] === 'matches') return true;
  if (node.op === 'call' && node.args[0] === 'matches') return true;
  return childrenOf(node.args).some(callsMatches);
}

function childrenOf(args: unknown): readonly ASTNode[] {
  if (Array.isArray(args)) return args.flatMap((item: unknown) => childrenOf(item));
  return isNode(args) ? [args] : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function dateOf(text: string) {
  const date = parseIsoDate(text);
  if (date === undefined) throw new TypeError(`not a date: ${text.slice(0, 20)}`);
  return date;
}

function wholeYears(from: string, to: string): number {
  const years = Number(dateOf(to).slice(0, 4)) - Number(dateOf(from).slice(0, 4));
  return to.slice(5) < from.slice(5) ? years - 1 : years;
}
