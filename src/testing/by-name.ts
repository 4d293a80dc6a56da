import { operations } from '#app/modules.ts';
import type { Principal } from '#core/operation/principal.ts';
import type { TestApp } from './app.ts';

/** Calls another module's operation as code does: a test of one module knows the others by the names that they offer. */
export async function callByName(app: TestApp, name: string, input: Readonly<Record<string, unknown>>, as: Principal): Promise<unknown> {
  const operation = operations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  return app.call(operation, input, { as });
}
