import type { Transaction } from '#core/database/database.ts';
import { tellConversationPages } from '#modules/conversations/public.ts';

/** Open pages look again once this transaction commits. Tickets and conversations are told of on one stream: both are about who wrote. */
export const tellPages = (tx: Transaction, companyId: string): Promise<void> => tellConversationPages(tx, companyId);
