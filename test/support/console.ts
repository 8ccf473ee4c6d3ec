import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { OperatorRole } from '../../src/exchange/operators/model.ts';
import type { Operators } from '../../src/exchange/operators/operators.ts';
import { openSession } from '../../src/exchange/operators/service/session.ts';
import { DESK, PHONE } from './chromium.ts';

/** A house with a console: a gateway or a registry. */
export type ConsoleHouse = { readonly url: string; readonly operators: Operators };

export const originOf = (house: ConsoleHouse): string => house.url.replace('127.0.0.1', 'localhost');

/** A browser in which an operator with these roles has signed in; how they did is another test's matter. */
export async function signedIn(
  browser: Browser,
  house: ConsoleHouse,
  roles: readonly OperatorRole[],
  options: { readonly hasScript?: boolean; readonly isPhone?: boolean } = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly operator: string }> {
  const { operators } = house;
  const { operator } = await operators.add({ name: 'سلمى', roles });
  const token = await operators.deps.db.transaction((tx) => openSession(operators.deps, tx, operator));
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(operators.guard.cookies.session(token, 3_600)) ?? [];
  assert.ok(name !== undefined && value !== undefined);
  const context = await browser.newContext({
    viewport: options.isPhone === true ? PHONE : DESK,
    javaScriptEnabled: options.hasScript ?? false,
  });
  await context.addCookies([{ name, value, url: originOf(house) }]);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return { context, page, operator: operator.id };
}
