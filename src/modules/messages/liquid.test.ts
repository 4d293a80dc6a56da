import { expect, test } from 'vitest';
import { htmlToText, textToHtml } from './body-html.ts';
import { BrokenTemplate, parseLiquid, renderLiquid, renderParsed, UnresolvedVariable } from './liquid.ts';

const gapOf = (source: string, facts: object) => {
  try {
    renderLiquid(source, facts);
    return null;
  } catch (error) {
    return error instanceof UnresolvedVariable ? error.variable : error;
  }
};

test('fills in facts and takes a default for what is missing', () => {
  expect(renderLiquid('Hi {{ person.first_name | default: "there" }}', { person: { first_name: 'Ann' } })).toBe('Hi Ann');
  expect(renderLiquid('Hi {{ person.first_name | default: "there" }}', { person: { first_name: null } })).toBe('Hi there');
  expect(renderLiquid('Hi {{ person.first_name | default: "there" }}', {})).toBe('Hi there');
  expect(renderLiquid('{% if lead.notes %}{{ lead.notes }}{% else %}-{% endif %}', { lead: { notes: null } })).toBe('-');
});

test.each([
  ['an unknown name', 'Hi {{ first_name }}', {}, 'first_name'],
  ['an unknown field', 'Hi {{ person.nickname }}', { person: {} }, 'person.nickname'],
  ['a field that is null', 'Hi {{ person.first_name }}', { person: { first_name: null } }, 'person.first_name'],
  ['a null behind a filter', 'Hi {{ person.first_name | upcase }}!', { person: {} }, 'person.first_name'],
  ['a null that a filter would hide', 'Hi {{ person.first_name | upcase }}!', { person: { first_name: null } }, 'person.first_name'],
  ['a whole object', 'Hi {{ person }}', { person: { first_name: 'Ann' } }, 'person'],
  ['something only prototypes have', '{{ person.constructor }}', { person: {} }, 'person.constructor'],
])('%s is a gap, named', (_, source, facts, variable) => {
  expect(gapOf(source, facts)).toBe(variable);
});

test.each([
  ['an unknown filter', '{{ 1 | frobnicate }}'],
  ['an open tag', '{% if x %}'],
  ['a file', '{% include "/etc/passwd" %}'],
  ['a loop without end', '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}'],
])('%s is a broken template', (_, source) => {
  expect(() => renderLiquid(source, { x: true })).toThrow(BrokenTemplate);
});

test('values are escaped in HTML', () => {
  expect(renderParsed(parseLiquid('<b>{{ name }}</b>', 'html'), { name: '<script>"&\'' })).toBe('<b>&#60;script&#62;&#34;&#38;&#39;</b>');
});

test('a text becomes paragraphs with links and no markup of its own, and back', () => {
  const html = textToHtml('Hello <b>\nyou\n\nSee https://acme.test/a?b=1&c=2.');
  expect(html).toContain('Hello &#60;b&#62;<br>you</p>');
  expect(html).toContain('<a href="https://acme.test/a?b=1&#38;c=2"');
  expect(htmlToText(html)).toBe('Hello <b>\nyou\n\nSee https://acme.test/a?b=1&c=2.');
});

test('a line of its own with an arrow is a button; within a text it is what it says', () => {
  const link = 'https://acme.test/pay/x?a=1&b=2';
  expect(textToHtml(`Due: Monday\n\n→ Pay online: ${link}\n\nBye`)).toMatch(/<p [^>]+><a href="https:\/\/acme\.test\/pay\/x\?a=1&#38;b=2" style="[^"]+">Pay online<\/a><\/p>/); // prettier-ignore
  for (const text of [`See → Pay online: ${link}`, '→ Pay online: javascript:alert(1)', `→ <b>: "${link}"`]) expect(textToHtml(text)).not.toContain('inline-block'); // prettier-ignore
});
