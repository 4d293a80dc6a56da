import type { Ctx } from '#core/operation/context.ts';
import { sendTransactional } from '#modules/messages/public.ts';

/** A mail about an account: its link signs somebody in, so the outbox shows the text to admins only. */
export async function sendAccountMail(
  ctx: Ctx,
  mail: { to: { name: string; address: string }; subject: string; text: string; key: string },
): Promise<void> {
  await sendTransactional(ctx, ctx.runtime, { companyId: ctx.companyId, ...mail, sensitive: true });
}

export function resetText({ link, name, company }: { link: string; name: string; company: string }): string {
  return [
    name === '' ? 'Hello,' : `Hello ${name},`,
    '',
    `somebody, probably you, asked for a new password for ${company} on Steward. Choose it here within an hour; the link works once:`,
    '',
    link,
    '',
    'It was not you? Then do nothing: your password stays as it is.',
  ].join('\n');
}

export function inviteText({ link, company, invitedBy }: { link: string; company: string; invitedBy: string | null }): string {
  return [
    'Hello,',
    '',
    `${invitedBy ?? 'An admin'} invites you to join ${company} on Steward. Choose your password here within 7 days:`,
    '',
    link,
    '',
    'You do not know what this is about? Then do nothing.',
  ].join('\n');
}
