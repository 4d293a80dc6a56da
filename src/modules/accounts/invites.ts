import { and, eq, isNull } from 'drizzle-orm';
import type { Clock } from '#core/clock.ts';
import type { Statement, Transaction } from '#core/database/database.ts';
import { newId } from '#core/ids.ts';
import type { Role } from '#core/operation/principal.ts';
import type { Runtime } from '#core/runtime.ts';
import { LinkExpired } from './errors.ts';
import { hashToken, newToken } from './opaque-token.ts';
import { invites } from './tables.ts';

const LIFE_MS = 7 * 86_400_000;

export type InviteRow = typeof invites.$inferSelect;

/** Open until accepted, revoked or 7 days old. One for the same address takes the place of an older one. */
export async function insertInvite(
  tx: Transaction,
  clock: Clock,
  given: { companyId: string; email: string | null; role: Role; invitedBy: string | null },
): Promise<{ invite: InviteRow; token: string }> {
  const now = clock.now();
  if (given.email !== null) {
    const open = and(
      eq(invites.companyId, given.companyId),
      eq(invites.email, given.email),
      isNull(invites.acceptedAt),
      isNull(invites.revokedAt),
    );
    await tx.db.update(invites).set({ revokedAt: now }).where(open);
  }
  const token = newToken('inv');
  const values = { ...given, id: newId(), tokenHash: hashToken(token), createdAt: now, expiresAt: new Date(now.getTime() + LIFE_MS) };
  const [invite] = await tx.db.insert(invites).values(values).returning();
  if (invite === undefined) throw new Error('the insert answered no row');
  return { invite, token };
}

export interface OpenInvite {
  readonly id: string;
  readonly companyId: string;
  readonly companyName: string;
  readonly email: string | null;
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly expiresAt: Date;
}

const OPEN: Statement = {
  name: 'invites.open',
  text: `select i.id, i.company_id as "companyId", c.name as "companyName", i.email, i.role, i.expires_at as "expiresAt",
                coalesce(nullif(u.full_name, ''), u.email) as "invitedBy"
         from invites i join companies c on c.id = i.company_id left join users u on u.id = i.invited_by and u.company_id = i.company_id
         where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > $2`,
};

/** The token names the company: this is how a stranger comes to belong to one. Null when it opens nothing. */
export async function findOpenInvite(runtime: Runtime, token: string): Promise<OpenInvite | null> {
  const [found] = await runtime.system.read((tx) => tx.query<OpenInvite>(OPEN, [hashToken(token), runtime.clock.now()]));
  return found ?? null;
}

/** @throws LinkExpired when somebody was faster */
export async function takeInvite(tx: Transaction, clock: Clock, invite: OpenInvite): Promise<void> {
  const taken = await tx.db
    .update(invites)
    .set({ acceptedAt: clock.now() })
    .where(and(eq(invites.companyId, invite.companyId), eq(invites.id, invite.id), isNull(invites.acceptedAt), isNull(invites.revokedAt)))
    .returning({ id: invites.id });
  if (taken.length === 0) throw inviteOver();
}

export async function noteAccepted(tx: Transaction, invite: OpenInvite, userId: string): Promise<void> {
  await tx.db
    .update(invites)
    .set({ acceptedBy: userId })
    .where(and(eq(invites.companyId, invite.companyId), eq(invites.id, invite.id)));
}

export function inviteOver(): LinkExpired {
  return new LinkExpired('This invitation was used, withdrawn, or is older than 7 days. Ask for a new one');
}
