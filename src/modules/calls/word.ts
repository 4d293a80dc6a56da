import type { Runtime } from '#core/runtime.ts';
import { readIds, signIds } from '#core/signed-ids.ts';
import type { Secrets } from '#core/secrets.ts';
import { publicUrl } from '#modules/accounts/public.ts';

const PURPOSE = 'calls';
/** A call that was planned by hand, of no kind: it can be seen and called off by its link, and is moved by answering. */
export const NO_KIND = '00000000-0000-0000-0000-000000000000';

/** Who may book or move which kind of call: a signed word in a link, in no table. */
export interface CallWord {
  readonly companyId: string;
  readonly personId: string;
  readonly kindId: string;
}

export const readCallWord = (secrets: Secrets, word: string): CallWord | null => {
  const [companyId, personId, kindId] = readIds(secrets, PURPOSE, 3, word) ?? [];
  return companyId === undefined || personId === undefined || kindId === undefined ? null : { companyId, personId, kindId };
};

export const callPath = (secrets: Secrets, { companyId, personId, kindId }: CallWord): string =>
  `/call/${signIds(secrets, PURPOSE, [companyId, personId, kindId])}`;

export const callLink = (runtime: Pick<Runtime, 'secrets' | 'config'>, word: CallWord): string =>
  `${publicUrl(runtime.config)}${callPath(runtime.secrets, word)}`;

/** Where anybody books it. */
export const openLink = (runtime: Pick<Runtime, 'config'>, kindId: string): string => `${publicUrl(runtime.config)}/book/${kindId}`;
