import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { Facts } from '#core/engine/types.ts';
import { ROLES } from '#core/operation/principal.ts';

/** A tenant. `settings` holds what CompanySettings (settings.ts) describes, keys as on the wire. */
export const companies = pgTable('companies', {
  id: id(),
  name: text().notNull(),
  industry: text(),
  website: text(),
  settings: jsonb().$type<Facts>().notNull().default({}),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** Someone who signs in. A deleted one stays, so that history can say who it was. */
export const users = pgTable('users', {
  id: id(),
  companyId: companyId(),
  username: text().notNull(),
  usernameKey: text()
    .notNull()
    .generatedAlwaysAs(sql`lower(username)`),
  email: text().notNull(), // lower case, unique in the installation
  fullName: text().notNull().default(''),
  hashedPassword: text().notNull(), // argon2id; bcrypt from older systems until the next sign-in
  role: text({ enum: ROLES }).notNull().default('user'),
  isActive: boolean().notNull().default(true),
  tokenVersion: integer().notNull().default(0),
  lastSignInAt: instant(),
  deletedAt: instant(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const invites = pgTable('invites', {
  id: id(),
  companyId: companyId(),
  email: text(),
  role: text({ enum: ROLES }).notNull(),
  tokenHash: text().notNull(),
  invitedBy: uuid(),
  expiresAt: instant().notNull(),
  acceptedAt: instant(),
  acceptedBy: uuid(),
  revokedAt: instant(),
  createdAt: createdAt(),
});

/** A browser that is signed in. */
export const sessions = pgTable('sessions', {
  id: id(),
  companyId: companyId(),
  userId: uuid().notNull(),
  tokenHash: text().notNull(),
  ip: text(),
  userAgent: text(),
  createdAt: createdAt(),
  lastSeenAt: instant().notNull(),
  expiresAt: instant().notNull(),
});

/** A program's way in: at most its user's rights, narrowed by scopes. */
export const apiKeys = pgTable('api_keys', {
  id: id(),
  companyId: companyId(),
  userId: uuid().notNull(),
  name: text().notNull(),
  prefix: text().notNull(),
  keyHash: text().notNull(),
  scopes: text().array().notNull(),
  expiresAt: instant(),
  lastUsedAt: instant(),
  revokedAt: instant(),
  createdAt: createdAt(),
});

export const passwordResets = pgTable('password_resets', {
  id: id(),
  companyId: companyId(),
  userId: uuid().notNull(),
  tokenHash: text().notNull(),
  ip: text(),
  expiresAt: instant().notNull(),
  usedAt: instant(),
  createdAt: createdAt(),
});

/** The link that makes the first company. Belongs to the installation. */
export const setupTokens = pgTable('setup_tokens', {
  tokenHash: text().primaryKey(),
  createdAt: instant().notNull(),
  expiresAt: instant().notNull(),
});

/** Sign-ins that failed, by guard (throttle.ts). Belongs to the installation. */
export const signInAttempts = pgTable('sign_in_attempts', {
  guard: text().primaryKey(),
  failures: integer().notNull(),
  lastAt: instant().notNull(),
  blockedUntil: instant().notNull(),
});

/** Written by core/operation/trace.ts with every write; read here. */
export const auditLog = pgTable('audit_log', {
  id: id(),
  companyId: companyId(),
  at: instant().notNull(),
  principalKind: text().notNull(),
  userId: uuid(),
  keyId: uuid(),
  runId: uuid(),
  operation: text().notNull(),
  subjectType: text(),
  subjectId: text(),
  input: jsonb().$type<Facts>().notNull().default({}),
  face: text().notNull(),
  ip: text(),
  userAgent: text(),
  requestId: text().notNull(),
});
