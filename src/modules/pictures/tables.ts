import { sql } from 'drizzle-orm';
import { customType, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { companyId } from '#core/database/columns.ts';
import { PICTURE_TYPES } from './kind-of.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** A small picture of a user: at most 256 KiB, of a type that its first bytes prove. */
export const userPictures = pgTable('user_pictures', {
  userId: uuid().primaryKey(),
  companyId: companyId(),
  type: text({ enum: PICTURE_TYPES }).notNull(),
  bytes: bytea().notNull(),
  updatedAt: timestamp({ withTimezone: true, mode: 'date' })
    .notNull()
    .default(sql`date_trunc('milliseconds', now())`),
});
