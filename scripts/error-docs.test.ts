import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERRORS_PAGE, errorsPage } from './error-docs.ts';

test('docs/errors.md says what the error classes say; if not, run: node scripts/error-docs.ts', () => {
  expect(readFileSync(ERRORS_PAGE, 'utf8')).toBe(errorsPage());
});

test('the page knows the errors of core, modules and the HTTP server', () => {
  const page = errorsPage();
  for (const code of ['not_found', 'invalid_input', 'which_company', 'body_too_large', 'internal'])
    expect(page).toContain(`\n## ${code}\n`);
});
