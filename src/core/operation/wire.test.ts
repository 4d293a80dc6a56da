import fc from '#testing/property.ts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidInput } from '#core/errors.ts';
import { compileWire, parseInput, wireJsonSchema } from './wire.ts';

const Lead = z.object({
  fullName: z.string().max(20),
  customFields: z.record(z.string(), z.unknown()).default({}),
  addresses: z.array(z.object({ zipCode: z.string(), isMain: z.boolean().optional() })).optional(),
  score: z.number().int().optional(),
  seenAt: z.date().nullable().optional(),
});

function faults(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('names on the wire', () => {
  const wire = compileWire(Lead);

  test('renames declared keys both ways and leaves the keys of records alone', () => {
    const json = {
      full_name: 'Ann',
      custom_fields: { favouriteColor: 'red', shoe_size: { euSize: 38 } },
      addresses: [{ zip_code: '1', is_main: true }],
    };
    const value = wire.in(json);
    expect(value).toEqual({
      fullName: 'Ann',
      customFields: { favouriteColor: 'red', shoe_size: { euSize: 38 } },
      addresses: [{ zipCode: '1', isMain: true }],
    });
    expect(wire.out(value)).toEqual(json);
  });

  test('never lets out a key that the output does not declare', () => {
    expect(wire.out({ fullName: 'Ann', hashedPassword: 'x', customFields: {} })).toEqual({ full_name: 'Ann', custom_fields: {} });
  });

  test('names an unknown field, and the right spelling of a known one', () => {
    expect(faults(() => wire.in({ full_name: 'Ann', phon: '1' }))).toEqual([{ path: 'phon', message: 'is not a field of this operation' }]);
    expect(faults(() => wire.in({ fullName: 'Ann' }))).toEqual([{ path: 'fullName', message: 'is called full_name here' }]);
  });

  test('reads numbers, booleans and lists out of a query, but not out of JSON', () => {
    const Query = z.object({ limit: z.number().default(50), isActive: z.boolean().optional(), tags: z.array(z.string()).optional() });
    const query = compileWire(Query);
    expect(query.in({ limit: '7', is_active: 'false', tags: 'a,b' }, true)).toEqual({ limit: 7, isActive: false, tags: ['a', 'b'] });
    expect(faults(() => parseInput(Query, query.in({ limit: '7' })))).toMatchObject([{ path: 'limit' }]);
  });

  test('refuses a NUL character wherever it hides', () => {
    expect(faults(() => wire.in({ full_name: 'a\u0000b', custom_fields: { deep: [{ x: '\u0000' }] } }))).toEqual([
      { path: 'full_name', message: 'contains a NUL character' },
      { path: 'custom_fields.deep.0.x', message: 'contains a NUL character' },
    ]);
  });

  test('reports what zod finds under wire names', () => {
    const json = { full_name: 'A name that is much too long for it', addresses: [{ zip_code: 1 }] };
    expect(faults(() => parseInput(Lead, wire.in(json))).map((fault) => fault.path)).toEqual(['full_name', 'addresses.0.zip_code']);
  });

  test('shows the same names in the JSON schema', () => {
    const schema = wireJsonSchema(Lead, 'input');
    expect(Object.keys(Object(schema['properties']))).toEqual(['full_name', 'custom_fields', 'addresses', 'score', 'seen_at']);
    expect(schema['required']).toEqual(['full_name']);
    expect(JSON.stringify(schema)).toContain('"zip_code"');
  });

  test('in after out is the value again, for any JSON in a record', () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => !JSON.stringify(value).includes('\\u0000')),
        fc.string({ maxLength: 20 }).filter((text) => !text.includes('\u0000')),
        (custom, name) => {
          const value = { fullName: name, customFields: { custom }, score: 3 };
          expect(wire.in(wire.out(value))).toEqual(value);
        },
      ),
    );
  });

  test('follows a recursive schema', () => {
    interface Node {
      nodeName: string;
      subNodes?: Node[] | undefined;
    }
    const Node: z.ZodType<Node> = z.lazy(() => z.object({ nodeName: z.string(), subNodes: z.array(Node).optional() }));
    const tree = compileWire(Node);
    expect(tree.in({ node_name: 'a', sub_nodes: [{ node_name: 'b' }] })).toEqual({ nodeName: 'a', subNodes: [{ nodeName: 'b' }] });
  });
});
