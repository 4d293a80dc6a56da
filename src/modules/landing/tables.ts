import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { Block } from './model/blocks.ts';
import type { Content } from './model/content.ts';

/** A draft made of blocks. What visitors see is the version that was published of it. */
export const landingPages = pgTable(
  'landing_pages',
  {
    id: id(),
    companyId: companyId(),
    slug: text().notNull(),
    title: text().notNull(),
    description: text().notNull().default(''),
    language: text({ enum: ['en', 'de'] }).notNull().default('en'),
    indexed: boolean().notNull().default(true),
    blocks: jsonb().$type<Block[]>().notNull().default([]),
    version: integer().notNull().default(0),
    publishedAt: instant(),
    shownFrom: instant(),
    shownUntil: instant(),
    goal: integer(),
    goalReachedAt: instant(),
    createdBy: uuid(), // users.id
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [uniqueIndex('landing_pages_slug').on(t.slug), index('landing_pages_recent').on(t.companyId, t.createdAt.desc(), t.id.desc())],
); // prettier-ignore

/** What was published, as it was then. */
export const landingVersions = pgTable(
  'landing_versions',
  {
    pageId: uuid().notNull(),
    companyId: companyId(),
    number: integer().notNull(),
    content: jsonb().$type<Content>().notNull(),
    publishedBy: uuid(), // users.id
    publishedAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.pageId, t.number] }), index('landing_versions_of_company').on(t.companyId)],
);

/** Where a page was before. */
export const landingRedirects = pgTable(
  'landing_redirects',
  { slug: text().primaryKey(), companyId: companyId(), pageId: uuid().notNull(), createdAt: createdAt() },
  (t) => [index('landing_redirects_of_page').on(t.pageId), index('landing_redirects_of_company').on(t.companyId)],
);

/** Counted by day (UTC); nothing tells who. */
export const landingDays = pgTable(
  'landing_days',
  {
    pageId: uuid().notNull(),
    companyId: companyId(),
    day: date().notNull(),
    visits: integer().notNull().default(0),
    machines: integer().notNull().default(0),
    conversions: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.pageId, t.day] }), index('landing_days_of_company').on(t.companyId, t.day)],
);
