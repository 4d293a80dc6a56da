import { and, asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import type { Transaction } from '#core/database/database.ts';
import { InvalidInput, NotFound } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import { ROLES, type Role } from '#core/operation/principal.ts';
import { LastAdmin, namingTheField } from './errors.ts';
import { hashPassword } from './password.ts';
import { users } from './tables.ts';

/** A user as shown. The password's hash never leaves the table. */
export const User = z.object({
  id: z.uuid(),
  username: z.string(),
  email: z.string(),
  fullName: z.string(),
  companyId: z.uuid(),
  role: z.enum(ROLES),
  isActive: z.boolean(),
  lastSignInAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export type UserRow = typeof users.$inferSelect;

export const emailAddress = () =>
  z
    .email('is not an email address')
    .max(254)
    .transform((text) => text.toLowerCase());
export const username = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(254)
    .regex(/^[^\s\p{Cc}]+$/u, 'has spaces in it');
export const fullName = () => z.string().trim().max(200);

/** Alive and in this transaction's company. @throws NotFound */
export async function requireUser(tx: Transaction, companyId: string, userId: string): Promise<UserRow> {
  const [row] = await tx.db
    .select()
    .from(users)
    .where(and(eq(users.companyId, companyId), eq(users.id, userId), isNull(users.deletedAt)));
  if (row === undefined) throw new NotFound('There is no such user in your company; see GET /api/users');
  return row;
}

/** A user name with an @ would be somebody's address: allowed only when it is their own. */
export function checkUsername(name: string, email: string): void {
  if (!name.includes('@') || name.toLowerCase() === email) return;
  throw new InvalidInput('A user name with an @ must be the own email address', {
    fields: [{ path: 'username', message: 'must not contain @' }],
  });
}

export interface NewUser {
  readonly companyId: string;
  readonly email: string;
  readonly username?: string | undefined;
  readonly fullName?: string | undefined;
  readonly role: Role;
  readonly password: string;
  readonly isActive?: boolean | undefined;
}

/** @throws AlreadyTaken */
export async function insertUser(tx: Transaction, clock: Clock, given: NewUser): Promise<UserRow> {
  const name = given.username ?? given.email;
  checkUsername(name, given.email);
  const now = clock.now();
  const row = {
    id: newId(),
    companyId: given.companyId,
    email: given.email,
    username: name,
    fullName: given.fullName ?? '',
    role: given.role,
    isActive: given.isActive ?? true,
    hashedPassword: await hashPassword(given.password),
    createdAt: now,
    updatedAt: now,
  };
  try {
    const [inserted] = await tx.db.insert(users).values(row).returning();
    if (inserted === undefined) throw new Error('the insert answered no row');
    return inserted;
  } catch (error) {
    throw namingTheField(error);
  }
}

/** Takes hold of the company's admins, so that two who demote each other at once are one after the other. @throws LastAdmin */
export async function keepAnAdmin(tx: Transaction, companyId: string, leaving: string): Promise<void> {
  const admins = await tx.db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.companyId, companyId), eq(users.role, 'admin'), eq(users.isActive, true), isNull(users.deletedAt)))
    .orderBy(asc(users.id))
    .for('update');
  if (admins.some((admin) => admin.id !== leaving)) return;
  throw new LastAdmin('This is the only active admin of the company. Make somebody else an admin first');
}
