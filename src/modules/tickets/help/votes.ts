import type { Statement, Transaction } from '#core/database/database.ts';
import { macOf } from '#core/signed-ids.ts';
import type { Secrets } from '#core/secrets.ts';

const VOTE: Statement = {
  name: 'tickets.article_vote',
  text: `insert into article_votes (article_id, voter, company_id, helpful, created_at) select a.id, $3, $1, $4, $5 from ticket_articles a
          where a.company_id = $1 and a.id = $2 and a.state = 'published' on conflict (article_id, voter) do update set helpful = excluded.helpful`,
};

/** One voice a day and place, the last word of it. Whence it came can't be told from what is kept. */
export async function voteOnArticle(
  tx: Transaction,
  secrets: Secrets,
  vote: {
    readonly companyId: string;
    readonly articleId: string;
    readonly helpful: boolean;
    readonly ip: string | null;
    readonly userAgent: string | null;
    readonly at: Date;
  },
): Promise<void> {
  const whence = `${vote.at.toISOString().slice(0, 10)} ${vote.companyId} ${vote.ip ?? ''} ${vote.userAgent ?? ''}`;
  const voter = macOf(secrets, 'article vote', Buffer.from(whence), 16).toString('base64url');
  await tx.query(VOTE, [vote.companyId, vote.articleId, voter, vote.helpful, vote.at]);
}
