import { customType, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { companyId, createdAt, updatedAt } from '#core/database/columns.ts';
import type { Brand } from './brand.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** One row a company. */
export const brands = pgTable('brands', {
  companyId: companyId().primaryKey(),
  look: jsonb().$type<Partial<Brand>>().notNull().default({}),
  logo: text(), // of company_pictures
  updatedAt: updatedAt(),
});

/** By their bytes, so that what was issued or published keeps what it was shown with: PNG or JPEG without where and with what it was taken. */
export const companyPictures = pgTable(
  'company_pictures',
  {
    companyId: companyId(),
    sha256: text().notNull(),
    type: text({ enum: ['image/png', 'image/jpeg'] }).notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    bytes: bytea().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.sha256] })],
);
